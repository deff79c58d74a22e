import Table from 'cli-table3';
import pc from 'picocolors';
import type { AgainstReport, GuardrailReport, Stopped } from '../../guardrails';

const mostRows = 15;

/** Whom each guardrail would have stopped, for a person. */
export function againstText(report: AgainstReport): string {
  const { files, records, judged, since, until, guardrails } = report;
  const quiet = guardrails.filter(({ stopped, unknown }) => stopped.length + unknown.length === 0);
  const loud = guardrails.filter((one) => !quiet.includes(one));
  const span = since && until ? `, from ${minute(since)} to ${minute(until)}` : '';
  return [
    ...loud.flatMap(section),
    ...(quiet.length > 0 ? [`Would have stopped nobody: ${quiet.map(({ id }) => id).join(', ')}.`] : []),
    `${records} records in ${files} files; ${judged} calls judged${span}.`,
    '',
  ].join('\n');
}

function section({ id, title, stopped, unknown }: GuardrailReport): string[] {
  return [
    `${pc.bold(id)}  ${title}`,
    ...(stopped.length > 0 ? [`  would have stopped ${summary(stopped)}:`, table(stopped, false)] : []),
    ...(unknown.length > 0
      ? [pc.yellow(`  cannot be told of ${summary(unknown)}, as the log leaves something out:`), table(unknown, true)]
      : []),
    '',
  ];
}

function summary(rows: readonly Stopped[]): string {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const principals = new Set(rows.map(({ principal }) => principal)).size;
  return `${calls} ${calls === 1 ? 'call' : 'calls'} of ${principals} ${principals === 1 ? 'principal' : 'principals'}`;
}

function table(rows: readonly Stopped[], withMissing: boolean): string {
  const view = new Table({
    head: ['calls', 'principal', 'action', 'first', 'last', withMissing ? 'left out' : 'such as'],
    style: { head: [], border: [], 'padding-left': 2, 'padding-right': 0 },
    chars: Object.fromEntries(borders.map((name) => [name, ''])),
  });
  for (const { calls, principal, action, first, last, missing, examples } of rows.slice(0, mostRows)) {
    const such = examples[0]?.resource ?? `${examples[0]?.region} ${examples[0]?.eventId}`;
    view.push([
      calls,
      clean(principal),
      clean(action),
      minute(first),
      minute(last),
      clean(withMissing ? missing.join(', ') : such),
    ]);
  }
  const rest = rows.length - mostRows;
  return rest > 0 ? `${view.toString()}\n  and ${rest} more: --json tells all` : view.toString();
}

const borders = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];

function minute(time: string): string {
  return clean(time.slice(0, 16).replace('T', ' '));
}

/** A log is written by whoever calls: it must not command the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
