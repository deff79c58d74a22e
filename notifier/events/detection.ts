import type { Alert, AlertThreshold } from '../alert';
import { digest } from '../hash';
import { bandOf, lowerBoundOf, parseBand } from '../severity';
import { number, text } from './read';

/** The alert of a detection's event: as the detection calls it, and as severe. */
export function withDetection(alert: Alert, detection: unknown, threshold: AlertThreshold | undefined): Alert {
  const id = text(detection, 'id') ?? '';
  const severity = readSeverity(detection) ?? alert.severity;
  return {
    ...alert,
    id: digest([alert.id, id]),
    type: alert.findingType === undefined ? id : alert.type,
    title: text(detection, 'title') ?? alert.title,
    description: text(detection, 'description') ?? alert.description,
    severity,
    band: severity === undefined ? alert.band : bandOf(severity),
    detection: { id, runbook: text(detection, 'runbook') },
    threshold,
  };
}

function readSeverity(detection: unknown): number | undefined {
  const named = parseBand(text(detection, 'severity') ?? '');
  return named === undefined ? number(detection, 'severity') : lowerBoundOf(named);
}
