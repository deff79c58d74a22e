import type { SeverityBand } from '../settings';
import { rankOf, severityBands } from '../severity';
import { colours } from './alertMessage';
import { type Catalog, say } from './catalog';
import type { MessageContext } from './context';
import { code, mrkdwn, oneLine, plain } from './escape';
import { limits } from './limits';
import { type Block, markdown, type SlackMessage, section } from './slack';

/** What a digest tells of one alert. */
export interface DigestEntry {
  readonly id: string;
  readonly band: SeverityBand;
  readonly type: string;
  readonly accountId: string;
  readonly region: string;
  /** One sentence. */
  readonly what: string;
  /** GuardDuty's finding id, or CloudTrail's event id. */
  readonly reference?: string;
  /** ISO 8601. */
  readonly seen?: string;
}

/** Many alerts in one message. */
export interface Digest {
  readonly id: string;
  readonly entries: readonly DigestEntry[];
  readonly windowSeconds: number;
}

const shownGroups = 12;

/** How many alerts within how many seconds. */
export function digestTitle({ entries, windowSeconds }: Digest, catalog: Catalog): string {
  return say(catalog, 'digest', { count: entries.length, seconds: windowSeconds });
}

/** A storm in one message: counts by severity, type and account; never a mention, as no Critical is among them. */
export function digestMessage(digest: Digest, context: MessageContext, file: boolean): SlackMessage {
  const { catalog, account } = context;
  const title = digestTitle(digest, catalog);
  const accountName = (id: string) => account(id).name ?? id;
  const group = (name: 'bySeverity' | 'byType' | 'byAccount', counts: readonly [string, number][]) =>
    section(grouped(say(catalog, name), counts, catalog));
  const worst = severityBands.findLast((band) => digest.entries.some((entry) => entry.band === band)) ?? 'Low';
  const bySeverity = counted(digest.entries, ({ band }) => catalog.severity[band]);
  const blocks: Block[] = [
    { type: 'header', text: { type: 'plain_text', text: plain(title, limits.header), emoji: false } },
    ...group('bySeverity', bySeverity),
    ...group(
      'byType',
      counted(digest.entries, ({ type }) => type),
    ),
    ...group(
      'byAccount',
      counted(digest.entries, (entry) => accountName(entry.accountId)),
    ),
    ...section(file ? '' : listed(digest, context)),
    {
      type: 'context',
      elements: [markdown(say(catalog, file ? 'inFile' : 'inTable')), markdown(code(digest.id, 100))],
    },
  ];
  const line = mrkdwn(`${title}: ${bySeverity.map(([name, count]) => `${name} ${count}`).join(', ')}`, 400);
  return {
    text: line,
    attachments: [{ color: colours[worst], fallback: line, blocks }],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** Every alert of the digest as CSV, the worst first. Cells cannot become formulas. */
export function digestFile(digest: Digest, { account }: MessageContext): string {
  const rows = worstFirst(digest).map((entry) => [
    entry.band,
    entry.type,
    entry.accountId,
    account(entry.accountId).name ?? '',
    entry.region,
    entry.what,
    entry.reference ?? '',
    entry.seen ?? '',
  ]);
  const header = ['severity', 'type', 'accountId', 'account', 'region', 'what', 'reference', 'seen'];
  return [header, ...rows].map((row) => row.map(cell).join(',')).join('\n');
}

/** Where no file can be put: as many alerts as find room, the worst first. */
function listed(digest: Digest, { catalog, account }: MessageContext): string {
  const lines: string[] = [];
  let room = 2_800;
  for (const { band, accountId, region, what } of worstFirst(digest)) {
    const name = account(accountId).name ?? accountId;
    const line = mrkdwn(oneLine(`[${catalog.severity[band]}] ${name}, ${region}: ${what}`), 200);
    room -= line.length + 3;
    if (room < 0) {
      return [...lines, say(catalog, 'more', { count: digest.entries.length - lines.length })].join('\n');
    }
    lines.push(`• ${line}`);
  }
  return lines.join('\n');
}

function worstFirst({ entries }: Digest): readonly DigestEntry[] {
  return [...entries].sort((one, other) => rankOf(other.band) - rankOf(one.band) || one.type.localeCompare(other.type));
}

function counted(entries: readonly DigestEntry[], name: (entry: DigestEntry) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    counts.set(name(entry), (counts.get(name(entry)) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one);
}

function grouped(title: string, counts: readonly [string, number][], catalog: Catalog): string {
  const lines = counts.slice(0, shownGroups).map(([name, count]) => `${count} × ${mrkdwn(oneLine(name), 120)}`);
  const rest = counts.length - lines.length;
  return [`*${title}*`, ...lines, ...(rest > 0 ? [say(catalog, 'more', { count: rest })] : [])].join('\n');
}

function cell(value: string): string {
  const text = oneLine(value);
  const harmless = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
