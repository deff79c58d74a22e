import { checkRolloutSettings } from '../../detections/rollout';
import { type Config, configProblem } from '../../organization/config';
import type { GarrisonError } from '../../organization/errors';

/** What the section `detections` of `garrison.yaml` asks of the catalog and the catalog does not have, with lines. */
export function detectionProblems(config: Config): GarrisonError[] {
  return checkRolloutSettings(config.detections).map(({ path, message, remedy }) =>
    configProblem(config, ['detections', ...path], `cannot be: ${message}`, remedy),
  );
}
