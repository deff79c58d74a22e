import Table from 'cli-table3';
import pc from 'picocolors';
import type { Severity } from '../../detections/detection';
import type { HuntReport, Loudness } from '../../detections/hunt/report';

const colours: Readonly<Record<Severity, (text: string) => string>> = {
  critical: (text) => pc.bold(pc.red(text)),
  high: pc.red,
  medium: pc.yellow,
  low: pc.dim,
};
/** Columns side by side, no lines between them. */
const plain = {
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  chars: Object.fromEntries(
    'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
      .split(' ')
      .map((name) => [name, '']),
  ),
};
const longestActor = 60;

/** What would have fired, as a table. */
export function summaryText(report: HuntReport): string {
  if (report.alerts === 0) {
    return `${footer(report)}\n`;
  }
  const view = new Table({
    ...plain,
    head: ['detection', 'severity', 'alerts', 'accounts', 'first', 'last', 'mostly by'],
  });
  for (const { detection, severity, alerts, accounts, first, last, actors } of report.detections) {
    view.push([
      detection,
      colours[severity](severity),
      alerts,
      accounts,
      minute(first),
      minute(last),
      short(actors[0]?.actor ?? ''),
    ]);
  }
  return `${view.toString()}\n${footer(report)}\n`;
}

const loudest = 5;

/** Which detections would be loud, and from whom. */
export function noiseText(report: HuntReport): string {
  const byAlerts = [...report.detections].sort((left, right) => right.alerts - left.alerts);
  return `${byAlerts.map((one) => noiseOf(one, days(report))).join('\n')}\n${footer(report)}\n`;
}

function noiseOf({ detection, severity, alerts, actors }: Loudness, overDays: number): string {
  const lines = actors.slice(0, loudest).map(({ account, actor, alerts: own }) => {
    const share = Math.round((own / alerts) * 100);
    return `  ${String(own).padStart(7)}  ${String(share).padStart(3)} %  ${account}  ${clean(actor)}`;
  });
  const more = actors.length > loudest ? [`  and ${actors.length - loudest} others`] : [];
  return [`${pc.bold(detection)} (${severity}): ${alerts}, ${perDay(alerts / overDays)} a day`, ...lines, ...more].join(
    '\n',
  );
}

function perDay(number: number): string {
  return number < 0.05 ? 'less than 0.1' : number.toFixed(1);
}

function days({ detections }: HuntReport): number {
  const times = detections
    .flatMap(({ first, last }) => [Date.parse(first), Date.parse(last)])
    .filter((time) => !Number.isNaN(time));
  return Math.max(1, (Math.max(...times) - Math.min(...times)) / 86_400_000);
}

function footer({ files, records, bytes, alerts, broken, kept }: HuntReport): string {
  const parts = [
    `${alerts} ${alerts === 1 ? 'alert' : 'alerts'} from ${records.toLocaleString('en')} records in ${files} ${files === 1 ? 'file' : 'files'} (${(bytes / 1_000_000).toFixed(1)} MB)`,
    ...(broken.length > 0 ? [`${broken.length} ${broken.length === 1 ? 'file' : 'files'} passed over`] : []),
    ...(kept < alerts ? [`details of ${kept}`] : []),
  ];
  return parts.join('; ');
}

function minute(time: string): string {
  return clean(time.slice(0, 16).replace('T', ' '));
}

/** The end of an ARN tells more than its beginning. */
function short(actor: string): string {
  return clean(actor.length > longestActor ? `…${actor.slice(1 - longestActor)}` : actor);
}

/** What others wrote must not command the terminal. */
function clean(text: string): string {
  return [...text]
    .map((character) => (character < ' ' || (character >= '\u007f' && character < '\u00a0') ? '?' : character))
    .join('');
}
