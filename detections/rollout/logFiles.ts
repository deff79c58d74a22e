import { asAccountsHaveIt } from '../accountDetections';
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
      const variants = variantsOf(detection, settings, around);
      const list = variants.map(({ configured, accountIds }, index) =>
        asAccountsHaveIt(configured, index === 0 ? undefined : accountIds),
      );
      return list.every(({ off }) => off) ? [] : list;
    });
}
