import type { ActionsBlock, Button, ContextBlock } from '@slack/types';
import type { Alert } from '../alert';
import type { Mention, SeverityBand } from '../settings';
import { type LabelName, say } from './catalog';
import { headlineOf, label, type MessageContext, sentenceOf, slackMention } from './context';
import { code, mrkdwn, oneLine, plain, webAddress } from './escape';
import { alertFields, factLines } from './fields';
import { limits } from './limits';
import { consoleLink, jsonLink, silenceLink } from './links';
import { type Block, linkButton, markdown, type SlackMessage, section } from './slack';
import { slackDate } from './time';

/** Of the bar beside a message; the words say the same. */
export const colours: Readonly<Record<SeverityBand, string>> = {
  Low: '#2E90FA',
  Medium: '#F5A623',
  High: '#E03E2D',
  Critical: '#7A0019',
};

/** How often the same was seen before, for the line under the first message. */
export interface Repetition {
  readonly times: number;
  readonly last?: Date;
}

export interface AlertMessageOptions {
  readonly mention: Mention;
  readonly repetition?: Repetition;
  /** What the message before told, for a reply that tells only what is new. */
  readonly told?: string;
  /** In place of the links to JSON and silence. */
  readonly buttons?: readonly Button[];
  /** Text only: after the destination refused the blocks. */
  readonly plain?: boolean;
}

const longest = { sentence: 600, description: 1_500, details: 1_000, signals: 1_200, shown: 10 } as const;

/** An alert as Slack shows it: a coloured attachment of blocks, and a line for notifications with the mention. */
export function alertMessage(alert: Alert, context: MessageContext, options: AlertMessageOptions): SlackMessage {
  const line = notificationLine(alert, context);
  const mention = slackMention(options.mention);
  const text = mention === '' ? line : `${mention} ${line}`;
  if (options.plain === true) {
    return { text, attachments: [], unfurl_links: false, unfurl_media: false };
  }
  const blocks: Block[] = [
    {
      type: 'header',
      text: { type: 'plain_text', text: plain(headline(alert, context), limits.header), emoji: false },
    },
    ...section(mrkdwn(oneLine(sentenceOf(alert, context.catalog)), longest.sentence)),
    ...section(description(alert)),
    ...alertFields(alert, context),
    ...section(factLines(alert.facts, context.catalog, longest.details)),
    ...section(signals(alert, context)),
    ...origin(alert, context),
    ...repeated(options.repetition, context),
    ...buttons(alert, context, options.buttons),
  ];
  return {
    text,
    attachments: [{ color: colours[alert.band], fallback: line, blocks }],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** `[High] shop-production (100000000011), us-east-1: what happened.`, escaped. */
export function notificationLine(alert: Alert, { account, catalog }: MessageContext): string {
  const { name } = account(alert.accountId);
  const where = name === undefined ? alert.accountId : `${name} (${alert.accountId})`;
  const sample = alert.sample ? `[${say(catalog, 'sample')}] ` : '';
  const words = `${sample}[${catalog.severity[alert.band]}] ${where}, ${alert.region}: ${sentenceOf(alert, catalog)}`;
  return mrkdwn(oneLine(words), longest.sentence);
}

function headline(alert: Alert, { catalog }: MessageContext): string {
  const sample = alert.sample ? `[${say(catalog, 'sample')}] ` : '';
  return `${sample}${catalog.severity[alert.band]} · ${headlineOf(alert, catalog)}`;
}

/** What the title, which is in the sentence, has not said already. */
function description({ description: text = '', title }: Alert): string {
  const said = `${title.replace(/\.$/, '')}.`;
  return mrkdwn(`${text}.`.startsWith(said) ? text.slice(said.length) : text, longest.description);
}

function signals(alert: Alert, { catalog }: MessageContext): string {
  if (alert.signals.length === 0) {
    return '';
  }
  const room = Math.floor(longest.signals / longest.shown) - 40;
  const lines = alert.signals.slice(0, longest.shown).map((signal) => {
    const severity = signal.severity === undefined ? '' : ` (${signal.severity})`;
    const seen = signal.firstSeen === undefined ? '' : ` ${slackDate(signal.firstSeen)}`;
    return `• ${mrkdwn(oneLine(signal.name), room)}${severity}${seen}`;
  });
  const rest = alert.signals.length - lines.length;
  return [
    `*${say(catalog, 'signals', { count: alert.signals.length })}*`,
    ...lines,
    ...(rest > 0 ? [say(catalog, 'more', { count: rest })] : []),
  ].join('\n');
}

/** Where the alert comes from: type, ATT&CK, detection, ids. */
function origin(alert: Alert, { catalog }: MessageContext): ContextBlock[] {
  const labelled = (name: LabelName, value: string | undefined): string[] =>
    value === undefined ? [] : [`${label(name, catalog)} ${code(value, 200)}`];
  const attack = alert.attack.map(({ id, name }) => {
    const page = `https://attack.mitre.org/${id.startsWith('TA') ? 'tactics' : 'techniques'}/${id.replace('.', '/')}/`;
    return `<${page}|${id}>${name === undefined ? '' : ` ${mrkdwn(oneLine(name), 60)}`}`;
  });
  const elements = [
    ...labelled('type', alert.type),
    ...labelled('detection', alert.detection?.id === alert.type ? undefined : alert.detection?.id),
    ...(attack.length > 0 ? [`ATT&amp;CK ${attack.join(', ')}`] : []),
    ...labelled('finding', alert.finding?.id),
    // A runbook that lies in a file has no button.
    ...labelled('runbook', webAddress(alert.detection?.runbook) === undefined ? alert.detection?.runbook : undefined),
    ...labelled('event', alert.finding === undefined ? alert.eventId : undefined),
  ];
  return elements.length === 0 ? [] : [{ type: 'context', elements: elements.map(markdown) }];
}

function repeated(repetition: Repetition | undefined, { catalog }: MessageContext): ContextBlock[] {
  if (repetition === undefined || repetition.times < 2) {
    return [];
  }
  const last = repetition.last === undefined ? '' : slackDate(repetition.last);
  return [
    {
      type: 'context',
      block_id: 'garrison.counter',
      elements: [markdown(say(catalog, 'repeated', { count: repetition.times, last }))],
    },
  ];
}

function buttons(
  alert: Alert,
  { catalog, settings }: MessageContext,
  others: readonly Button[] | undefined,
): ActionsBlock[] {
  const words = catalog.buttons;
  const link = (id: string, label: string, url: string | undefined) =>
    url === undefined ? [] : [linkButton(id, label, url, id === 'console')];
  const elements = [
    ...link('console', words.console, consoleLink(alert, settings)),
    ...link('runbook', words.runbook, webAddress(alert.detection?.runbook)),
    ...(others ?? [
      ...link('json', alert.finding === undefined ? words.event : words.finding, jsonLink(alert, settings)),
      ...link('silence', words.silence, silenceLink(alert, settings)),
    ]),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}
