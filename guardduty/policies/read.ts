import {
  DescribePolicyCommand,
  OrganizationsClient,
  type PolicySummary,
  paginateListOrganizationalUnitsForParent,
  paginateListPolicies,
  paginateListTagsForResource,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations';
import pMap from 'p-map';
import { explain } from '../../organization/failures';
import { isTypeEnabled, readRoot } from '../../organization/policyCalls';
import type { Session } from '../../organization/sessions';
import { garrisonTag } from '../settings';
import { policyPrefix } from './desired';
import type { DesiredPolicy, ObservedPolicies, ObservedPolicy } from './types';

/** Organizations' name of the type. */
export const policyType = 'GUARDDUTY_POLICY';

const pageSize = 20;
const atOnce = 4;

/**
 * Reads the organization's GuardDuty policies as the management account: two calls, three for each policy of ours, and one
 * for each level of the units that policies are wanted on.
 *
 * @throws GarrisonError when a call is refused
 */
export async function readPolicies(management: Session, wanted: readonly DesiredPolicy[]): Promise<ObservedPolicies> {
  const client = management.client(OrganizationsClient, management.homeRegion);
  const place = { accountId: management.accountId };
  try {
    const root = await readRoot(client);
    const rootId = root.Id as string;
    const [policies, units] = await Promise.all([ownPolicies(client), unitIds(client, rootId, wanted)]);
    return { rootId, enabled: isTypeEnabled(root, policyType), policies, units };
  } catch (error) {
    throw explain(error, { ...place, operation: 'organizations:ListPolicies' });
  }
}

async function ownPolicies(client: OrganizationsClient): Promise<ObservedPolicy[]> {
  const named: PolicySummary[] = [];
  for await (const { Policies = [] } of paginateListPolicies({ client, pageSize }, { Filter: policyType })) {
    named.push(...Policies.filter(({ Name }) => Name?.startsWith(policyPrefix)));
  }
  return pMap(named, (summary) => readPolicy(client, summary), { concurrency: atOnce });
}

async function readPolicy(client: OrganizationsClient, { Id: id = '', Name: name = '' }: PolicySummary) {
  let ours = false;
  for await (const { Tags = [] } of paginateListTagsForResource({ client }, { ResourceId: id })) {
    ours ||= Tags.some(({ Key }) => Key === garrisonTag);
  }
  if (!ours) {
    return { id, name, ours, targetIds: [] };
  }
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: id }));
  const targetIds: string[] = [];
  for await (const { Targets = [] } of paginateListTargetsForPolicy({ client, pageSize }, { PolicyId: id })) {
    targetIds.push(...Targets.map(({ TargetId }) => TargetId as string));
  }
  return { id, name, ours, content: Policy?.Content, targetIds };
}

/** Ids of the units that policies are wanted on: only the levels on the way to them are read. */
async function unitIds(
  client: OrganizationsClient,
  rootId: string,
  wanted: readonly DesiredPolicy[],
): Promise<Map<string, string>> {
  const paths = wanted.flatMap(({ target }) => (target.kind === 'unit' ? [target.path] : []));
  const found = new Map<string, string>();
  const visit = async (ParentId: string, path: string): Promise<void> => {
    const below = path === '' ? paths : paths.filter((each) => each.startsWith(`${path}/`));
    if (below.length === 0) {
      return;
    }
    const pages = paginateListOrganizationalUnitsForParent({ client, pageSize }, { ParentId });
    for await (const { OrganizationalUnits = [] } of pages) {
      for (const { Id, Name } of OrganizationalUnits) {
        const own = path === '' ? (Name as string) : `${path}/${Name}`;
        if (paths.includes(own)) {
          found.set(own, Id as string);
        }
        await visit(Id as string, own);
      }
    }
  };
  await visit(rootId, '');
  return found;
}
