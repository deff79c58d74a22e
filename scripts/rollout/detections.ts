import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { DesiredInstances } from '../../cloudformation';
import { type DetectionRules, detectionRules, regionsOf } from '../../detections/rollout';
import { rolloutRoleNames } from '../../organization/config/roles';
import { explain } from '../../organization/failures';
import { globalRegionOf } from '../../organization/partitions';
import type { Rollout } from './context';
import type { Files } from './files';

export const detectionRuleStackSet = 'garrison-detection-rules';

const compiled = new WeakMap<Files['config'], DetectionRules>();

/** Regions in which rules for detections belong; none where no detection is rolled out. */
export function detectionRegions({ config, accounts, regions }: Pick<Rollout, 'config' | 'accounts' | 'regions'>) {
  const rules =
    compiled.get(config) ?? detectionRules(config.detections, { accounts, operators: rolloutRoleNames(config.roles) });
  compiled.set(config, rules);
  return regionsOf(rules.forwarding, regions, globalRegionOf(config.partition));
}

/** The stack set without any instance, where no detection is rolled out: what is left of it has to go. */
export function withoutRules(rollout: Rollout): DesiredInstances | undefined {
  return detectionRegions(rollout).length > 0 ? undefined : { stackSet: detectionRuleStackSet, cells: [] };
}

/**
 * Id of the organization whose accounts may put events on the bus; asked only where detections are rolled out. Outside
 * of an organization it is `undefined`, and the accounts of `accounts.csv` may.
 *
 * @throws GarrisonError when the call is refused: guessing would shut accounts out
 */
export async function admittedOrganization(rollout: Rollout): Promise<string | undefined> {
  if (detectionRegions(rollout).length === 0) {
    return undefined;
  }
  const { operator, config } = rollout;
  try {
    const client = operator.client(OrganizationsClient, config.homeRegion);
    return (await client.send(new DescribeOrganizationCommand({}))).Organization?.Id;
  } catch (error) {
    if ((error as Error).name === 'AWSOrganizationsNotInUseException') {
      return undefined;
    }
    throw explain(error, { accountId: operator.accountId, operation: 'organizations:DescribeOrganization' });
  }
}
