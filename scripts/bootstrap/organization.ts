import { randomUUID } from 'node:crypto';
import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  UpdateStackInstancesCommand,
} from '@aws-sdk/client-cloudformation';
import { ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import {
  deleteStack,
  deployStack,
  type ObservedInstance,
  observeStack,
  observeStackSet,
  type StackInput,
  type StackOutcome,
} from '../../cloudformation';
import { follow, waitForRunning } from '../../cloudformation/stackSets/operations';
import { forEach } from '../../organization/cells';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { organizationAccounts } from '../../organization/members';
import type { Host } from '../../organization/messages';
import { stackTarget } from '../rollout/context';
import type { Bootstrap } from './work';

/** The stack whose stack set plants execution roles in every present and future account of the organization. */
export const organizationStack = 'garrison-organization';

/** The stack that `assume-role` and links make in an account. */
const executionStack = 'garrison-execution';

/** Not `garrison-…`: execution roles may change stacks of such stack sets, and are not to change their own. */
export const organizationStackSet = 'organization-garrison-execution';

const preferences = {
  RegionConcurrencyType: 'PARALLEL',
  MaxConcurrentPercentage: 100,
  // One account that refuses must not take the roles from the others: it is reported by its own instance.
  FailureTolerancePercentage: 100,
} as const;

/** Whether any account, or any that is to come, gets its roles through the organization. */
export function usesOrganization({ files: { config }, byMethod }: Bootstrap): boolean {
  return config.bootstrap.method === 'organization' || byMethod.organization.length > 0;
}

/** The stack for the management account. Asks Organizations for the root, and who is inside. */
export async function organizationInput(work: Bootstrap): Promise<StackInput> {
  const template = organizationTemplate({
    member: work.synthesis.of('garrison-execution-member').input.templateBody,
    homeRegion: work.files.config.homeRegion,
    units: await unitsOf(work),
    excluded: await excludedAccounts(work),
  });
  return { stackName: organizationStack, templateBody: JSON.stringify(template) };
}

/** Plain, as the CDK would need the member's template while it synthesizes it. */
function organizationTemplate(input: {
  readonly member: string;
  readonly homeRegion: string;
  readonly units: readonly string[];
  readonly excluded: readonly string[];
}) {
  return {
    Description: 'Garrison: execution roles in every present and future account of the organization',
    Resources: {
      ExecutionRoles: {
        Type: 'AWS::CloudFormation::StackSet',
        Properties: {
          StackSetName: organizationStackSet,
          Description: 'Garrison: roles through which stack sets work in this account',
          PermissionModel: 'SERVICE_MANAGED',
          AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
          ManagedExecution: { Active: true },
          Capabilities: ['CAPABILITY_NAMED_IAM'],
          OperationPreferences: preferences,
          StackInstancesGroup: [
            {
              DeploymentTargets: {
                OrganizationalUnitIds: input.units,
                AccountFilterType: 'DIFFERENCE',
                Accounts: input.excluded,
              },
              Regions: [input.homeRegion],
            },
          ],
          TemplateBody: JSON.stringify(JSON.parse(input.member)),
        },
      },
    },
  };
}

async function unitsOf({ management, files: { config } }: Bootstrap): Promise<readonly string[]> {
  if (config.bootstrap.targets) {
    return config.bootstrap.targets;
  }
  try {
    const { Roots = [] } = await management
      .client(OrganizationsClient, config.homeRegion)
      .send(new ListRootsCommand({}));
    return Roots.map(({ Id = '' }) => Id);
  } catch (error) {
    throw explain(error, { accountId: management.accountId, operation: 'organizations:ListRoots' });
  }
}

/** Accounts of the organization that get their roles in another way; the management account is never among the targets. */
async function excludedAccounts({ management, byMethod, inactive, files }: Bootstrap): Promise<string[]> {
  const inside = new Set((await organizationAccounts(management)).map(({ id }) => id));
  const others = [...byMethod['assume-role'], ...byMethod.links, ...inactive.keys()];
  return others.filter((id) => inside.has(id) && id !== files.config.managementAccount).sort();
}

/** What the organization's stack set did, account by account. */
export interface OrganizationOutcome {
  readonly stack: StackOutcome['outcome'];
  readonly accounts: readonly StackOutcome[];
  readonly errors: readonly GarrisonError[];
}

/** Deploys the stack, with trusted access first; what failed in an account before is tried again. */
export async function plantThroughOrganization(work: Bootstrap, host: Host): Promise<OrganizationOutcome> {
  const { homeRegion } = work.files.config;
  const target = stackTarget(work.management, homeRegion);
  await trustStackSets(target.client, work);
  const before = await instancesOf(target.client);
  const { outcome } = await deployStack(await organizationInput(work), target, host);
  const failed = (await instancesOf(target.client)).filter(({ status }) => status !== 'CURRENT');
  const handedOver = await handOver(failed.filter(isTaken), work, host);
  if (failed.length > 0 && (outcome === 'unchanged' || handedOver > 0)) {
    await tryAgain(
      failed.map(({ accountId }) => accountId),
      work,
      host,
    );
  }
  const after = await instancesOf(target.client);
  const known = new Set(before.filter(({ status }) => status === 'CURRENT').map(({ accountId }) => accountId));
  return {
    stack: outcome,
    accounts: after
      .filter(({ status }) => status === 'CURRENT')
      .map(({ accountId, region }) => ({
        accountId,
        region,
        stackName: organizationStackSet,
        outcome: known.has(accountId) ? (outcome === 'updated' ? 'updated' : 'unchanged') : 'created',
        outputs: {},
      })),
    errors: after.filter(({ status }) => status !== 'CURRENT').map(failureOf),
  };
}

/** The roles stand there already, by other means. */
function isTaken({ reason }: ObservedInstance): boolean {
  return /already exists/i.test(reason ?? '');
}

/**
 * An account that had its roles by `assume-role` loses that stack, where it can still be reached, so that the
 * organization's stack set can plant them. Answers in how many accounts there was one.
 */
async function handOver(taken: readonly ObservedInstance[], work: Bootstrap, host: Host): Promise<number> {
  const { homeRegion, operations } = work.files.config;
  const outcomes = await forEach(taken, operations.concurrency, async ({ accountId }) => {
    const session = work.session(accountId);
    await session.ready();
    const target = stackTarget(session, homeRegion);
    const stands = (await observeStack(executionStack, target)) !== undefined;
    if (stands) {
      host.emit({
        code: 'bootstrap.handover',
        level: 'info',
        text: `${accountId}: the stack ${executionStack} gives way to the organization's stack set`,
        data: { accountId },
      });
      await deleteStack(executionStack, target, host);
    }
    return stands;
  });
  return outcomes.filter((outcome) => outcome.status === 'done' && outcome.result).length;
}

async function instancesOf(client: CloudFormationClient) {
  return (await observeStackSet(organizationStackSet, client)).instances;
}

/** CloudFormation creates its service-linked roles with this; the switch in Organizations alone does not. */
async function trustStackSets(client: CloudFormationClient, { management }: Bootstrap): Promise<void> {
  try {
    await client.send(new ActivateOrganizationsAccessCommand({}));
  } catch (error) {
    throw explain(error, {
      accountId: management.accountId,
      operation: 'cloudformation:ActivateOrganizationsAccess',
    });
  }
}

async function tryAgain(accountIds: readonly string[], work: Bootstrap, host: Host): Promise<void> {
  const { homeRegion } = work.files.config;
  const client = work.management.client(CloudFormationClient, homeRegion);
  const handle = { stackSet: organizationStackSet, client, host };
  await waitForRunning(handle);
  const OperationId = randomUUID();
  await client.send(
    new UpdateStackInstancesCommand({
      StackSetName: organizationStackSet,
      OperationId,
      Regions: [homeRegion],
      DeploymentTargets: {
        OrganizationalUnitIds: [...(await unitsOf(work))],
        AccountFilterType: 'INTERSECTION',
        Accounts: [...accountIds],
      },
      OperationPreferences: preferences,
    }),
  );
  await follow(OperationId, handle);
}

function failureOf({ accountId, region, reason }: { accountId: string; region: string; reason?: string }) {
  return new GarrisonError(
    'bootstrap.instance',
    `${organizationStackSet}: ${reason ?? 'the instance failed'}`,
    /already exists/i.test(reason ?? '')
      ? 'The account cannot be reached to hand the roles over. Delete the stack garrison-execution there, or name the method assume-role for this account in `bootstrap.accounts`; then run `garrison bootstrap` again.'
      : 'Mend the cause and run `garrison bootstrap` again: only this is left.',
    { accountId, region },
  );
}
