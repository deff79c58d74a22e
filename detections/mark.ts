import type { DetectionMark } from '../notifier/queue';
import type { ConfiguredDetection } from './settings';

const secondsPerMinute = 60;

/** What an alert says of the detection that fired. `runbooks` is an address to which `#<id>` is added. */
export function markOf({ detection, threshold }: ConfiguredDetection, runbooks: string): DetectionMark {
  const { id, title, severity } = detection;
  return {
    id,
    title,
    severity,
    runbook: `${runbooks}#${id}`,
    ...(threshold && {
      threshold: {
        count: threshold.count,
        windowSeconds: threshold.windowMinutes * secondsPerMinute,
        by: threshold.per.map((path) => `detail.${path}`),
      },
    }),
  };
}
