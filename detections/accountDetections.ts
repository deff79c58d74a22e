import { catalog } from './catalog';
import type { LogFileDetection } from './logFile/settings';
import { type ConfiguredDetection, configure } from './settings';
import { overridesFor, type SettingsFile } from './settingsFile';

/**
 * Every detection as often as accounts differ in its settings; the first of each is for the accounts that no other
 * names. Throws `DetectionError` for parameters that the catalog does not have.
 */
export function accountDetections(
  file: SettingsFile = {},
  accounts: readonly { readonly id: string; readonly ou?: string }[] = [],
): LogFileDetection[] {
  return catalog.flatMap((detection) => {
    const everybodys = configure(detection, overridesFor(file));
    const groups = new Map<string, { configured: ConfiguredDetection; accountIds: string[] }>();
    for (const { id, ou } of accounts) {
      const configured = configure(detection, overridesFor(file, id, ou));
      const key = JSON.stringify(configured.settings);
      const group = groups.get(key) ?? { configured, accountIds: [] };
      group.accountIds.push(id);
      groups.set(key, group);
    }
    groups.delete(JSON.stringify(everybodys.settings));
    const others = [...groups.values()].map(({ configured, accountIds }) => asAccountsHaveIt(configured, accountIds));
    return [asAccountsHaveIt(everybodys), ...others];
  });
}

/** A configured detection as plain data. */
export function asAccountsHaveIt(
  { detection, settings, needs }: ConfiguredDetection,
  accountIds?: readonly string[],
): LogFileDetection {
  return { id: detection.id, settings, accountIds, ...(needs !== undefined && { off: true as const }) };
}
