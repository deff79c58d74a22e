import type { Detection } from '../detection';
import { inLanguage } from '../mark';
import { type ConfiguredDetection, configure } from '../settings';
import { overridesFor } from '../settingsFile';
import { withAdministrators } from './administrators';
import type { RolloutSettings, RolloutSurroundings } from './types';

/** A detection with the settings that hold for some of the accounts. */
export interface Variant {
  readonly configured: ConfiguredDetection;
  readonly accountIds: readonly string[];
}

/** A detection as often as accounts differ in its settings; what holds for the most accounts comes first. */
export function variantsOf(detection: Detection, settings: RolloutSettings, around: RolloutSurroundings): Variant[] {
  const own = 'operators' in detection.parameters ? { operators: around.operators } : {};
  const variants = new Map<string, { configured: ConfiguredDetection; accountIds: string[] }>();
  for (const { id, ou } of around.accounts) {
    const given = withAdministrators(overridesFor(settings, id, ou), around.administrators ?? []);
    const overrides = { [detection.id]: { ...own, ...given[detection.id] } };
    const configured = inLanguage(configure(detection, overrides), around.language);
    // What stands for the policies are the roles that have them.
    const key = JSON.stringify({ ...configured.settings, administratorPolicies: undefined });
    const variant = variants.get(key) ?? { configured, accountIds: [] };
    variant.accountIds.push(id);
    variants.set(key, variant);
  }
  return [...variants.values()].sort((one, other) => other.accountIds.length - one.accountIds.length);
}
