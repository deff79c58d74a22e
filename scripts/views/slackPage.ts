import type { Block, SlackMessage } from '../../notifier/message/slack';
import { escaped, htmlPage } from './htmlPage';
import { slackPageStyle } from './slackPageStyle';
import { type Piece, slackPieces } from './slackText';

export interface ShownMessage {
  readonly message: SlackMessage;
  /** Where the event was read. */
  readonly place: string;
  readonly destination: string;
}

/**
 * A page that shows messages as Slack does: one file, without scripts and without anything from the network. Every text
 * is escaped; a policy in the page forbids scripts even so.
 */
export function slackPage(messages: readonly ShownMessage[], language: 'en' | 'ja'): string {
  const items = messages
    .map(({ message, place, destination }) => item(message, place, destination, language))
    .join('\n');
  const body = `<header class="channel"><h1># security-alerts</h1><p>${messages.length} ${messages.length === 1 ? 'message' : 'messages'}, as Slack would show them</p></header>
<main>
${items}
</main>`;
  const title = `Garrison: ${messages.length} ${messages.length === 1 ? 'alert' : 'alerts'}`;
  return htmlPage({ title, style: slackPageStyle, body, language });
}

function item(message: SlackMessage, place: string, destination: string, language: string): string {
  const attachments = message.attachments.map(
    ({ color, blocks }) =>
      `<div class="attachment"><div class="bar" style="background:${/^#[0-9A-Fa-f]{6}$/.test(color) ? color : '#888888'}"></div>` +
      `<div class="blocks">${blocks.map((block) => blockHtml(block, language)).join('\n')}</div></div>`,
  );
  return `<article>
<div class="avatar" aria-hidden="true"><svg viewBox="0 0 36 36"><rect width="36" height="36" rx="8" fill="#1d2b4f"/><path d="M18 7l9 3v8c0 6-4 9-9 11-5-2-9-5-9-11v-8z" fill="#7fb2ff"/><path d="M18 10.5v15c3.600-1.600 6-3.800 6-7.700v-5.400z" fill="#c9dfff"/></svg></div>
<div class="content">
<p class="author"><strong>Garrison</strong><span class="app">APP</span><span class="place">${escaped(place)} → ${escaped(destination)}</span></p>
<div class="text">${html(message.text, language)}</div>
${attachments.join('\n')}
</div>
</article>`;
}

function blockHtml(block: Block, language: string): string {
  switch (block.type) {
    case 'header':
      return `<h2>${escaped(block.text.text)}</h2>`;
    case 'section': {
      const text = block.text === undefined ? '' : `<p>${html(block.text.text, language)}</p>`;
      const fields = (block.fields ?? []).map((field) => `<div>${html(field.text, language)}</div>`).join('');
      return `<section>${text}${fields === '' ? '' : `<div class="fields">${fields}</div>`}</section>`;
    }
    case 'context':
      return `<div class="context">${block.elements.map((element) => ('text' in element ? `<span>${html(element.text, language)}</span>` : '')).join('')}</div>`;
    case 'actions':
      return `<div class="actions">${block.elements.map(buttonHtml).join('')}</div>`;
    case 'divider':
      return '<hr>';
  }
}

function buttonHtml(element: object): string {
  const { text, url, style } = element as { text?: { text: string }; url?: string; style?: string };
  const label = escaped(text?.text ?? '');
  const kind = style === 'primary' ? ' class="primary"' : '';
  return url === undefined || !/^https?:/.test(url)
    ? `<button type="button"${kind}>${label}</button>`
    : `<a href="${escaped(url)}" title="${escaped(url)}" rel="noreferrer"${kind}>${label}</a>`;
}

function html(mrkdwn: string, language: string): string {
  return slackPieces(mrkdwn)
    .map((piece) => pieceHtml(piece, language))
    .join('');
}

function pieceHtml(piece: Piece, language: string): string {
  const text = escaped(piece.text).replaceAll('\n', '<br>');
  switch (piece.kind) {
    case 'bold':
      return `<b>${text}</b>`;
    case 'italic':
      return `<i>${text}</i>`;
    case 'code':
      return `<code>${text}</code>`;
    case 'block':
      return `<pre>${escaped(piece.text)}</pre>`;
    case 'mention':
      return `<span class="mention">${text}</span>`;
    case 'link':
      return /^https?:/.test(piece.url) ? `<a href="${escaped(piece.url)}" rel="noreferrer">${text}</a>` : text;
    case 'date':
      return `<time datetime="${dateText(piece.seconds)}" title="${text}">${shownDate(piece.seconds, language)}</time>`;
    case 'text':
      return text;
  }
}

/** As Slack shows `{date_short_pretty} {time_secs}` to a reader in UTC. */
function shownDate(seconds: number, language: string): string {
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-US', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: 'UTC',
  });
  return escaped(format.format(new Date(seconds * 1_000)));
}

function dateText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
