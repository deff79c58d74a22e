import { type DetectionRules, detectionRules, regionsOf } from '../../detections/rollout';
import { rolloutRoleNames } from '../../organization/config/roles';
import { globalRegionOf } from '../../organization/partitions';
import { responseRules } from '../../stacks/responders/rules';
import type { Rollout } from './context';
import type { Files } from './files';

export const detectionRuleStackSet = 'garrison-detection-rules';

const compiled = new WeakMap<Files['config'], DetectionRules>();

/** What the section `detections` of `garrison.yaml` comes to; worked out once for a configuration. */
export function rolledOut({ config, accounts }: Pick<Files, 'config' | 'accounts'>): DetectionRules {
  const rules =
    compiled.get(config) ?? detectionRules(config.detections, { accounts, operators: rolloutRoleNames(config.roles) });
  compiled.set(config, rules);
  return rules;
}

/** Regions in which rules for detections and responders belong; none where neither is rolled out. */
export function detectionRegions({ config, accounts, regions }: Pick<Rollout, 'config' | 'accounts' | 'regions'>) {
  const rules = rolledOut({ config, accounts });
  const { forwarding } = responseRules(config.responders, rules);
  return regionsOf([...rules.forwarding, ...forwarding], regions, globalRegionOf(config.partition));
}
