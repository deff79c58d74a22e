import { readFileSync } from 'node:fs';
import { checkRolloutSettings } from '../../detections/rollout';
import type { Config } from '../../organization/config';
import { positionIn } from '../../organization/config/position';
import { GarrisonError } from '../../organization/errors';

/** What the section `detections` of `garrison.yaml` asks of the catalog and the catalog does not have, with lines. */
export function detectionProblems({ detections }: Pick<Config, 'detections'>, file: string): GarrisonError[] {
  const problems = checkRolloutSettings(detections);
  const text = problems.length > 0 ? readFileSync(file, 'utf8') : '';
  return problems.map(({ path, message, remedy }) => {
    const whole = ['detections', ...path];
    const { line, col } = positionIn(text, whole);
    const where = `${file}:${line}:${col}: ${whole.join('.')}`;
    return new GarrisonError('config.detection', `${where}: ${message}`, remedy, { file, line });
  });
}
