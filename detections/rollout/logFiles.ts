import { catalog } from '../catalog';
import type { LogFileDetection } from '../logFile/settings';
import { isEnabled } from './enabled';
import type { RolloutSettings, RolloutSurroundings } from './types';
import { variantsOf } from './variants';

/**
 * What the function on log files runs: the detections that are rolled out, each as often as accounts differ in its
 * settings. What holds for the most accounts holds for those that nobody names, too.
 */
export function logFileDetections(settings: RolloutSettings, around: RolloutSurroundings): LogFileDetection[] {
  return catalog
    .filter(({ id }) => isEnabled(id, settings))
    .flatMap((detection) => {
      const [first, ...others] = variantsOf(detection, settings, around);
      return [...(first ? [{ ...first, accountIds: undefined }] : []), ...others]
        .filter(({ configured }) => configured.needs === undefined)
        .map(({ configured, accountIds }) => ({ id: detection.id, settings: configured.settings, accountIds }));
    });
}
