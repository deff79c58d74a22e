import { catalog } from '../catalog';
import { DetectionError } from '../errors';
import { configure, type Overrides } from '../settings';
import type { RolloutSettings } from './types';

/** A mistake in the settings of a rollout; `path` leads to it within the section. */
export interface SettingsProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** Ids and parameters that the catalog does not have. Pure. */
export function checkRolloutSettings(settings: RolloutSettings): SettingsProblem[] {
  const lists = { enabled: settings.enabled, disabled: settings.disabled, nearest: settings.nearest };
  const listed = Object.entries(lists).flatMap(([name, ids]) =>
    typeof ids === 'string' ? [] : ids.flatMap((id, index) => unknownId(id, [name, String(index)])),
  );
  const layers: [string[], Overrides][] = [
    [['settings'], settings.settings],
    ...layersOf('organizationalUnits', settings.organizationalUnits),
    ...layersOf('accounts', settings.accounts),
  ];
  return [...listed, ...layers.flatMap(([path, overrides]) => checkOverrides(path, overrides))];
}

function layersOf(name: string, groups: Readonly<Record<string, Overrides>>): [string[], Overrides][] {
  return Object.entries(groups).map(([key, overrides]) => [[name, key], overrides]);
}

function checkOverrides(path: readonly string[], overrides: Overrides): SettingsProblem[] {
  return Object.entries(overrides).flatMap(([id, parameters]) => {
    const detection = catalog.find((candidate) => candidate.id === id);
    return detection === undefined
      ? unknownId(id, [...path, id])
      : Object.entries(parameters).flatMap(([name, value]) => {
          const problem = refusal(() => configure(detection, { [id]: { [name]: value } }));
          return problem ? [{ path: [...path, id, name], message: problem.message, remedy: problem.remedy }] : [];
        });
  });
}

function unknownId(id: string, path: readonly string[]): SettingsProblem[] {
  return catalog.some((detection) => detection.id === id)
    ? []
    : [{ path, message: `there is no detection ${id}`, remedy: 'See `garrison detections list`.' }];
}

function refusal(run: () => unknown): DetectionError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof DetectionError) {
      return error;
    }
    throw error;
  }
}
