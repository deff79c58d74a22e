import { type DetectionRules, detectionRules, regionsOf } from '../../detections/rollout';
import { rolloutRoleNames } from '../../organization/config/roles';
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
