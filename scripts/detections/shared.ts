import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { catalog } from '../../detections/catalog';
import { DetectionError } from '../../detections/errors';
import { type ConfiguredDetection, configure, type Overrides } from '../../detections/settings';
import { overridesFor, parseSettingsFile, type SettingsFile } from '../../detections/settingsFile';
import { GarrisonError } from '../../organization/errors';
import { nearest } from '../../organization/text';

export interface SettingsOptions {
  readonly settings?: string;
  readonly account?: string;
  readonly unit?: string;
}

/** The settings that the options name. Throws `GarrisonError`. */
export function readOverrides({ settings, account, unit }: SettingsOptions): Overrides {
  return reported(() => overridesFor(readSettings(settings), account, unit), settings);
}

/** A file of settings, or the section `detections` of a `garrison.yaml`. Throws `GarrisonError`. */
export function readSettings(file: string | undefined): SettingsFile {
  if (file === undefined) {
    return {};
  }
  return reported(() => {
    const value: unknown = parse(readText(file));
    const section = (value as { detections?: SettingsFile } | null)?.detections;
    if (section === undefined) {
      return parseSettingsFile(value);
    }
    const { settings = {}, organizationalUnits = {}, accounts = {} } = section;
    return parseSettingsFile({ settings, organizationalUnits, accounts });
  }, file);
}

/** The detections with these ids, or all, configured. Throws `GarrisonError` for an id that does not exist. */
export function chosen(ids: readonly string[], overrides: Overrides): ConfiguredDetection[] {
  for (const id of [...ids, ...Object.keys(overrides)]) {
    if (!catalog.some((detection) => detection.id === id)) {
      const near = nearest(
        id,
        catalog.map((detection) => detection.id),
      );
      throw new GarrisonError(
        'detection.unknown',
        `there is no detection ${id}`,
        near ? `Did you mean ${near}?` : 'See `garrison detections list`.',
      );
    }
  }
  const detections = ids.length === 0 ? catalog : catalog.filter(({ id }) => ids.includes(id));
  return reported(() => detections.map((detection) => configure(detection, overrides)));
}

/** Runs library code, whose errors know nothing of the command, and turns them into the command's own. */
export function reported<T>(run: () => T, file?: string): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DetectionError) {
      throw new GarrisonError(error.code, error.message, error.remedy, { file }, { cause: error });
    }
    throw error;
  }
}

/** Text of a file. Throws `GarrisonError` `file.unreadable`. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GarrisonError(
      'file.unreadable',
      `${file} cannot be read: ${(error as Error).message}`,
      'Check the path.',
      { file },
      { cause: error },
    );
  }
}
