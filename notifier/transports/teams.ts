import { type LabelName, say } from '../message/catalog';
import { label, type MessageContext } from '../message/context';
import { digestTitle } from '../message/digestMessage';
import { withoutMarkup } from '../message/followUpMessage';
import { type AlertSummary, alertSummary, digestLines } from '../message/summary';
import type { SeverityBand } from '../settings';
import { DeliveryError } from './errors';
import { post } from './http';
import type { DestinationFactory } from './tools';

const styles: Readonly<Record<SeverityBand, string>> = {
  Low: 'accent',
  Medium: 'warning',
  High: 'attention',
  Critical: 'attention',
};
/** A workflow refuses messages beyond 28 KB. */
const longestText = 1_500;
const mostLines = 40;

/** A Microsoft Teams workflow ("when a webhook request is received"): an adaptive card. */
export const teams: DestinationFactory<'teams'> = ({ secret }, tools) => {
  const send = (card: object) =>
    tools.secrets.with(secret, async (address) => {
      const content = {
        type: 'AdaptiveCard',
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        version: '1.4',
        ...card,
      };
      const message = {
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
      };
      const { status } = await post(tools.fetch, address, JSON.stringify(message));
      if (status < 200 || status > 299) {
        throw new DeliveryError([401, 403, 404].includes(status) ? 'revoked' : 'refused', `HTTP ${status}`);
      }
      return {};
    });
  return {
    send: ({ alert }) => send(alertCard(alertSummary(alert, tools.context), tools.context)),
    say: ({ text }) => send({ body: withoutMarkup(text).split('\n').slice(0, mostLines).map(paragraph) }),
    sendDigest: (digest) => {
      const title = digestTitle(digest, tools.context.catalog);
      const lines = digestLines(digest, tools.context);
      const rest = lines.length - mostLines;
      const text = [
        ...lines.slice(0, mostLines),
        ...(rest > 0 ? [say(tools.context.catalog, 'more', { count: rest })] : []),
      ];
      return send({ body: [heading(title), ...text.map((line) => paragraph(line))] });
    },
  };
};

function alertCard(summary: AlertSummary, { catalog, settings }: MessageContext): object {
  const { account } = summary;
  const facts: readonly (readonly [LabelName, string | number | undefined])[] = [
    ['account', account.name === undefined ? account.id : `${account.name} (${account.id})`],
    ['organizationalUnit', account.ou],
    ['region', summary.region],
    [
      'severity',
      summary.severityNumber === undefined ? summary.severity : `${summary.severity} (${summary.severityNumber})`,
    ],
    ['resource', summary.resources[0]],
    ['actor', summary.actor],
    ['action', summary.action],
    ['remote', summary.remote?.address],
    ['count', summary.count],
    ['seen', summary.lastSeen],
    ['type', summary.type],
  ];
  const links: readonly (readonly [string, string | undefined])[] = [
    [catalog.buttons.console, summary.console],
    [catalog.buttons.runbook, summary.runbook],
    [catalog.buttons.silence, settings.configurationUrl],
  ];
  const sample = summary.sample ? `[${say(catalog, 'sample')}] ` : '';
  return {
    body: [
      {
        type: 'Container',
        style: styles[summary.band],
        items: [heading(`${sample}${summary.severity} · ${summary.headline}`)],
      },
      paragraph(summary.sentence),
      {
        type: 'FactSet',
        facts: facts.flatMap(([name, value]) =>
          value === undefined || value === '' ? [] : [{ title: label(name, catalog), value: literal(String(value)) }],
        ),
      },
    ],
    actions: links.flatMap(([title, url]) => (url === undefined ? [] : [{ type: 'Action.OpenUrl', title, url }])),
  };
}

function heading(text: string): object {
  return { type: 'TextBlock', text: literal(text), weight: 'Bolder', size: 'Medium', wrap: true };
}

function paragraph(text: string): object {
  return { type: 'TextBlock', text: literal(text), wrap: true };
}

/** Adaptive cards read Markdown: its characters are escaped, so that an event's texts make no links and no mentions. */
function literal(text: string): string {
  const cut = text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
  return cut.replace(/[\\`*_[\](){}#!<>~|]/g, '\\$&').replace(/<\\?\/?at/gi, '&lt;at');
}
