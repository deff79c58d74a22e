import { DetectionError } from './errors';
import type { Overrides } from './settings';

/** Settings of detections: for everybody, for organizational units, for accounts. */
export interface SettingsFile {
  readonly settings?: Overrides;
  /** By the unit's path, such as `Workloads/Production`. */
  readonly organizationalUnits?: Readonly<Record<string, Overrides>>;
  readonly accounts?: Readonly<Record<string, Overrides>>;
}

const sections = ['settings', 'organizationalUnits', 'accounts'];

/** Checks what was read from a file of settings. Throws `DetectionError` `detection.settings`. */
export function parseSettingsFile(value: unknown): SettingsFile {
  if (!isObject(value)) {
    throw wrong('is not an object');
  }
  for (const [key, section] of Object.entries(value)) {
    if (!sections.includes(key) || !isObject(section)) {
      throw wrong(`has no section ${key}`);
    }
    const groups = key === 'settings' ? [section] : Object.values(section);
    if (!groups.every((group) => isObject(group) && Object.values(group).every(isObject))) {
      throw wrong(`has something else than parameters by detection in ${key}`);
    }
  }
  return value as SettingsFile;
}

/** The settings that hold for an account: its own before those of its unit, the nearer unit first, before everybody's. */
export function overridesFor(file: SettingsFile, account?: string, unit = ''): Overrides {
  const units = unit.split('/').filter(Boolean);
  const paths = units.map((_, index) => units.slice(0, index + 1).join('/'));
  const layers = [
    file.settings,
    ...paths.map((path) => file.organizationalUnits?.[path]),
    account === undefined ? undefined : file.accounts?.[account],
  ];
  const merged: Record<string, Record<string, unknown>> = {};
  for (const [id, settings] of layers.flatMap((layer) => Object.entries(layer ?? {}))) {
    merged[id] = { ...merged[id], ...settings };
  }
  return merged;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(what: string): DetectionError {
  return new DetectionError(
    'detection.settings',
    `the file of settings ${what}`,
    'Sections: settings, organizationalUnits, accounts; in them, detections by their id; in these, parameters by their name.',
  );
}
