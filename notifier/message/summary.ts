import type { Alert } from '../alert';
import { type Catalog, type LabelName, say } from './catalog';
import { headlineOf, label, type MessageContext, sentenceOf, subjectInWords } from './context';
import type { Digest } from './digestMessage';
import { oneLine, webAddress } from './escape';
import { consoleLink } from './links';

/** An alert as plain data, for destinations that are no Slack. All texts are one line, none is escaped. */
export interface AlertSummary {
  readonly id: string;
  readonly severity: string;
  readonly band: Alert['band'];
  readonly severityNumber?: number;
  readonly headline: string;
  readonly sentence: string;
  readonly description?: string;
  readonly type: string;
  readonly detection?: string;
  readonly sample: boolean;
  readonly account: { readonly id: string; readonly name?: string; readonly ou?: string };
  readonly region: string;
  readonly resources: readonly string[];
  readonly actor?: string;
  readonly remote?: { readonly address: string; readonly country?: string; readonly network?: string };
  readonly action?: string;
  readonly count?: number;
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly attack: readonly string[];
  readonly finding?: string;
  readonly event?: string;
  readonly console?: string;
  readonly runbook?: string;
}

/** Everything that a message says, as data. */
export function alertSummary(alert: Alert, context: MessageContext): AlertSummary {
  const { catalog } = context;
  const line = (text: string | undefined) => (text === undefined ? undefined : oneLine(text));
  return {
    id: alert.id,
    severity: catalog.severity[alert.band],
    band: alert.band,
    severityNumber: alert.severity,
    headline: oneLine(headlineOf(alert, catalog)),
    sentence: oneLine(sentenceOf(alert, catalog)),
    description: line(alert.description),
    type: oneLine(alert.type),
    detection: line(alert.detection?.id),
    sample: alert.sample,
    account: context.account(alert.accountId),
    region: oneLine(alert.region),
    resources: alert.resources.slice(0, 10).map((subject) => oneLine(subjectInWords(subject, catalog))),
    actor: alert.actor === undefined ? undefined : oneLine(subjectInWords(alert.actor, catalog)),
    remote:
      alert.remote === undefined
        ? undefined
        : {
            address: oneLine(alert.remote.address),
            country: line(alert.remote.country),
            network: line(alert.remote.network),
          },
    action: line(alert.action?.text),
    count: alert.count,
    firstSeen: alert.firstSeen?.toISOString(),
    lastSeen: alert.lastSeen?.toISOString(),
    attack: alert.attack.map(({ id }) => id),
    finding: line(alert.finding?.id),
    event: line(alert.eventId),
    console: consoleLink(alert, context.settings),
    runbook: webAddress(alert.detection?.runbook),
  };
}

/** `[High] shop-production (1000…11), us-east-1: what happened.`, not escaped. */
export function summaryLine(summary: AlertSummary, catalog: Catalog): string {
  const { account } = summary;
  const where = account.name === undefined ? account.id : `${account.name} (${account.id})`;
  return `${summary.sample ? `[${say(catalog, 'sample')}] ` : ''}[${summary.severity}] ${where}, ${summary.region}: ${summary.sentence}`;
}

/** A summary as lines of text: for e-mail. */
export function summaryText(summary: AlertSummary, catalog: Catalog): string {
  const named = (name: LabelName) => label(name, catalog);
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    [
      named('severity'),
      `${summary.severity}${summary.severityNumber === undefined ? '' : ` (${summary.severityNumber})`}`,
    ],
    [named('type'), summary.type],
    [named('organizationalUnit'), summary.account.ou],
    [named('resource'), summary.resources.join('; ')],
    [named('actor'), summary.actor],
    [named('action'), summary.action],
    [
      named('remote'),
      [summary.remote?.address, summary.remote?.country, summary.remote?.network].filter(Boolean).join(', '),
    ],
    [named('count'), summary.count],
    [
      named('seen'),
      [...new Set([summary.firstSeen, summary.lastSeen])].filter((time) => time !== undefined).join(' – '),
    ],
    ['ATT&CK', summary.attack.join(', ')],
    [named('finding'), summary.finding],
    [named('event'), summary.event],
    [catalog.buttons.console, summary.console],
    [catalog.buttons.runbook, summary.runbook],
  ];
  const lines = rows
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  return [
    summaryLine(summary, catalog),
    '',
    ...(summary.description === undefined ? [] : [summary.description, '']),
    ...lines,
  ].join('\n');
}

/** A digest's alerts, one line each. */
export function digestLines(digest: Digest, context: MessageContext): readonly string[] {
  return digest.entries.map((entry) => {
    const name = context.account(entry.accountId).name ?? entry.accountId;
    return `[${context.catalog.severity[entry.band]}] ${name}, ${entry.region}: ${oneLine(entry.what)}`;
  });
}
