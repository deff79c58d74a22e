import type { Detection } from './detection';
import { type ConfiguredDetection, configure } from './settings';

/** A detection under the settings that its examples are meant for. */
export function underTrial(detection: Detection): ConfiguredDetection {
  return configure(detection, detection.trial ? { [detection.id]: detection.trial } : {});
}
