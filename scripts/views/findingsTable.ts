import pc from 'picocolors';
import type { ListedFinding } from '../../guardduty';

/** Findings as a table: severity, when, where, what. Everything in them is foreign text. */
export function findingsTable(
  findings: readonly ListedFinding[],
  accountNames: ReadonlyMap<string, string>,
  columns = 160,
): string {
  const rows = findings.map((finding) => [
    severityText(finding.severity),
    clean(finding.lastSeen ?? '').replace(/\.\d+Z$/, 'Z'),
    clean(`${finding.accountId}  ${accountNames.get(finding.accountId) ?? ''}`.trimEnd()),
    clean(finding.region),
    String(finding.count),
    clean(`${finding.type}${finding.sample ? ' (sample)' : ''}`),
  ]);
  const head = ['severity', 'last seen', 'account', 'region', 'count', 'type'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const titles = findings.map(({ title }) => `          ${pc.dim(cut(clean(title), columns - 10))}`);
  const body = rows.flatMap((row, index) => [coloured(line(row), findings[index]?.severity ?? 0), titles[index] ?? '']);
  return [pc.dim(line(head)), ...body].join('\n');
}

function severityText(severity: number): string {
  return `${bandOf(severity)} ${severity}`;
}

/** Source: GuardDuty user guide, "Severity levels of GuardDuty findings". */
function bandOf(severity: number): string {
  if (severity >= 9) {
    return 'Critical';
  }
  if (severity >= 7) {
    return 'High';
  }
  return severity >= 4 ? 'Medium' : 'Low';
}

function coloured(line: string, severity: number): string {
  const end = bandOf(severity).length;
  const colour = severity >= 7 ? pc.red : severity >= 4 ? pc.yellow : pc.blue;
  return `${colour(line.slice(0, end))}${line.slice(end)}`;
}

function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}
