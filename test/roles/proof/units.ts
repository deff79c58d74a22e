import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { managementId, securityId, type TestOrganization } from '../../support/localOrganization';
import { asAdministrator } from '../plant';

/** One action of one statement of a role: what is taken away, and missed. */
export interface Unit {
  readonly role: string;
  /** Execution roles differ by the kind of account; any other role is the same wherever it stands. */
  readonly account: 'management' | 'security' | 'member' | 'any';
  readonly policy: string;
  readonly sid: string;
  readonly action: string;
}

interface Statement {
  readonly Sid?: string;
  readonly Action?: string | readonly string[];
}

const executionRole = 'AWSCloudFormationStackSetExecutionRole';

/** Which account of a unit a role stands in. */
export function accountOf(role: string, accountId: string): Unit['account'] {
  if (!role.startsWith(executionRole)) {
    return 'any';
  }
  return accountId === managementId ? 'management' : accountId === securityId ? 'security' : 'member';
}

/** Every action of every statement that Garrison's roles hold now, in some accounts. */
export async function unitsIn(organization: TestOrganization, accountIds: readonly string[]): Promise<Unit[]> {
  const found = await Promise.all(accountIds.map((accountId) => unitsOfAccount(organization, accountId)));
  return found.flat();
}

async function unitsOfAccount({ sandbox }: TestOrganization, accountId: string): Promise<Unit[]> {
  const iam = new IAMClient(await asAdministrator(sandbox, accountId));
  const details = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['Role', 'LocalManagedPolicy'], MaxItems: 1000 }),
  );
  const managed = new Map(
    (details.Policies ?? []).map(({ PolicyName, PolicyVersionList }) => [
      PolicyName,
      PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion)?.Document,
    ]),
  );
  const ours = (details.RoleDetailList ?? []).filter(({ Tags }) => Tags?.some(({ Key }) => Key === 'garrison'));
  return ours.flatMap(({ RoleName: role = '', RolePolicyList = [], AttachedManagedPolicies = [] }) => {
    const attached = AttachedManagedPolicies.map(({ PolicyName }) => ({
      PolicyName,
      PolicyDocument: managed.get(PolicyName),
    }));
    return [...RolePolicyList, ...attached].flatMap(({ PolicyName: policy = '', PolicyDocument }) =>
      statementsOf(PolicyDocument).flatMap(({ Sid: sid = '', Action = [] }) =>
        [Action].flat().map((action) => ({ role, account: accountOf(role, accountId), policy, sid, action })),
      ),
    );
  });
}

function statementsOf(document: string | undefined): Statement[] {
  const { Statement = [] } = JSON.parse(decodeURIComponent(document ?? '{}')) as { Statement?: Statement[] };
  return [Statement].flat();
}
