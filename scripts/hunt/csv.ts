import type { Finding } from '../../detections/finding';

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

/** Findings as CSV (RFC 4180), details as JSON in the last column. */
export function csvOf(findings: readonly Finding[]): string {
  const head = [...columns, 'details'].join(',');
  const rows = findings.map((finding) =>
    [...columns.map((column) => finding[column]), JSON.stringify(finding.details)].map(cell).join(','),
  );
  return `${[head, ...rows].join('\r\n')}\r\n`;
}

function cell(text: string): string {
  // A spreadsheet would run what begins like a formula.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
