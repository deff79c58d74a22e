import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  type Policy,
  type PolicySummary,
  paginateListPolicies,
  paginateListPoliciesForTarget,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { isTypeEnabled, readRoot } from '../../organization/policyCalls';
import type { Session } from '../../organization/sessions';
import { isOwnName } from './plan';
import type { ObservedOrganization, ObservedPolicy, Target } from './types';

export const policyType = 'SERVICE_CONTROL_POLICY';

/** The tag that says whose a policy is. */
export const ownershipTag = { Key: 'garrison', Value: 'guardrails' } as const;

/**
 * Reads what stands in the organization.
 *
 * @param pathOf the path of an organizational unit by its id
 * @throws GarrisonError `guardrail.credentials` when the caller may not read policies, `guardrail.foreign` when a policy
 *   of Garrison's name is not Garrison's
 */
export async function observeOrganization(
  session: Session,
  pathOf: (unitId: string) => string | undefined,
): Promise<ObservedOrganization> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  try {
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    const root = await rootOf(client);
    return {
      root: { id: root.id, kind: 'root', name: 'root' },
      managementAccountId: Organization?.MasterAccountId ?? '',
      typeEnabled: root.typeEnabled,
      policies: await ownPolicies(client, pathOf),
    };
  } catch (error) {
    throw refused(error, session);
  }
}

/** How many service control policies hang directly on a target, and the names of those that are not Garrison's. */
export async function hangingOn(session: Session, target: Target): Promise<readonly string[]> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  const names: string[] = [];
  try {
    for await (const page of paginateListPoliciesForTarget({ client }, { TargetId: target.id, Filter: policyType })) {
      names.push(...(page.Policies ?? []).map(({ Name }) => Name ?? ''));
    }
  } catch (error) {
    throw refused(error, session);
  }
  return names;
}

/** Whoever is refused is told whose credentials it takes. */
export function refused(error: unknown, session: Session): GarrisonError {
  const { name } = error as Error;
  if (name !== 'AccessDeniedException') {
    return explain(error, { accountId: session.accountId, operation: 'organizations:ListPolicies' });
  }
  return new GarrisonError(
    'guardrail.credentials',
    `these credentials, of account ${session.accountId}, may not read or change the organization's policies: ${(error as Error).message}`,
    'Run it as the management account, or as a delegated administrator whom the organization’s resource policy lets manage service control policies.',
    { accountId: session.accountId, operation: 'organizations:ListPolicies' },
    { cause: error },
  );
}

/** The organization's root. Throws GarrisonError `guardrail.root` when there is none. */
export async function rootOf(client: OrganizationsClient): Promise<{ id: string; typeEnabled: boolean }> {
  const root = await readRoot(client);
  if (root.Id === undefined) {
    throw new GarrisonError('guardrail.root', 'the organization has no root', 'Is this account in an organization?');
  }
  return { id: root.Id, typeEnabled: isTypeEnabled(root, policyType) };
}

async function ownPolicies(
  client: OrganizationsClient,
  pathOf: (unitId: string) => string | undefined,
): Promise<ObservedPolicy[]> {
  const found: ObservedPolicy[] = [];
  for await (const { Policies = [] } of paginateListPolicies({ client }, { Filter: policyType })) {
    for (const summary of Policies.filter(({ Name = '' }) => isOwnName(Name))) {
      await requireOwn(client, summary);
      const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: summary.Id }));
      found.push(await observed(client, Policy as Policy, pathOf));
    }
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A policy that happens to be called so is somebody else's: it is never overwritten. */
async function requireOwn(client: OrganizationsClient, { Id, Name }: PolicySummary): Promise<void> {
  const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceId: Id }));
  if (!Tags.some(({ Key, Value }) => Key === ownershipTag.Key && Value === ownershipTag.Value)) {
    throw new GarrisonError(
      'guardrail.foreign',
      `the policy ${Name} (${Id}) has Garrison's name but not its tag ${ownershipTag.Key}: ${ownershipTag.Value}`,
      'Rename it, or tag it if it is Garrison’s.',
    );
  }
}

async function observed(
  client: OrganizationsClient,
  { PolicySummary: summary, Content = '' }: Policy,
  pathOf: (unitId: string) => string | undefined,
): Promise<ObservedPolicy> {
  const { Id = '', Name = '' } = summary ?? {};
  const targets: Target[] = [];
  for await (const page of paginateListTargetsForPolicy({ client }, { PolicyId: Id })) {
    for (const { TargetId = '', Name: name = '', Type } of page.Targets ?? []) {
      if (Type === 'ROOT') {
        targets.push({ id: TargetId, kind: 'root', name: 'root' });
      } else {
        const unit = Type === 'ORGANIZATIONAL_UNIT';
        targets.push({ id: TargetId, kind: unit ? 'unit' : 'account', name: (unit && pathOf(TargetId)) || name });
      }
    }
  }
  return { id: Id, name: Name, content: Content, targets };
}
