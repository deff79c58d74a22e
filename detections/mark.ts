import type { DetectionMark } from '../notifier/queue';
import { japanese } from './japanese';
import type { ConfiguredDetection } from './settings';

const secondsPerMinute = 60;

/** What an alert says of the detection that fired. `runbooks` is an address to which `#<id>` is added. */
export function markOf({ detection, threshold }: ConfiguredDetection, runbooks: string): DetectionMark {
  const { id, title, meaning, severity } = detection;
  return {
    id,
    title,
    description: meaning,
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

/** The mark of one of the catalog's detections, in the language of the alerts. */
export function markInLanguage(mark: DetectionMark, language: 'en' | 'ja' = 'en'): DetectionMark {
  const saying = language === 'ja' ? japanese[mark.id] : undefined;
  return saying === undefined ? mark : { ...mark, title: saying.title, description: saying.meaning };
}

/** A detection that says what it says in the language of the alerts. */
export function inLanguage(configured: ConfiguredDetection, language: 'en' | 'ja' = 'en'): ConfiguredDetection {
  const saying = language === 'ja' ? japanese[configured.detection.id] : undefined;
  return saying === undefined ? configured : { ...configured, detection: { ...configured.detection, ...saying } };
}
