import type { Finding } from '../../detections/finding';
import { csvText } from '../../organization/csvText';

const columns = [
  'time',
  'severity',
  'detection',
  'account',
  'region',
  'actor',
  'event',
  'service',
  'sourceAddress',
  'eventId',
] as const;

/** Findings as CSV, details as JSON in the last column. */
export function csvOf(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    ...columns.map((column) => finding[column]),
    JSON.stringify(finding.details),
  ]);
  return csvText([[...columns, 'details'], ...rows]);
}
