import { type DetectionRules, detectionRules, regionsOf } from '../../detections/rollout';
import { rolloutRoleNames } from '../../organization/config/roles';
import { globalRegionOf } from '../../organization/partitions';
import { responseRules } from '../../stacks/responders/rules';
import type { Rollout } from './context';
import type { Files } from './files';

export const detectionRuleStackSet = 'garrison-detection-rules';

type Asked = Pick<Files, 'config' | 'accounts' | 'administrators'>;

const compiled = new WeakMap<Files['config'], Pick<Files, 'administrators'> & { readonly rules: DetectionRules }>();

/** What the section `detections` of `garrison.yaml` comes to; worked out once for a configuration. */
export function rolledOut({ config, accounts, administrators }: Asked): DetectionRules {
  const known = compiled.get(config);
  if (known && known.administrators === administrators) {
    return known.rules;
  }
  const rules = detectionRules(config.detections, {
    accounts,
    operators: rolloutRoleNames(config.roles),
    administrators,
  });
  compiled.set(config, { administrators, rules });
  return rules;
}

/** Regions in which rules for detections and responders belong; none where neither is rolled out. */
export function detectionRegions({ config, accounts, regions, administrators }: Asked & Pick<Rollout, 'regions'>) {
  const rules = rolledOut({ config, accounts, administrators });
  const { forwarding } = responseRules(config.responders, rules);
  return regionsOf([...rules.forwarding, ...forwarding], regions, globalRegionOf(config.partition));
}
