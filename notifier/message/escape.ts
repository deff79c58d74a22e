/**
 * Texts from events on their way into Slack. An attacker chooses user names, bucket keys and user agents: nothing of
 * them may become a mention, a link or a line of the message that we did not write.
 */

/** Stands for characters that a reader could not see, or that would turn what follows around. */
const replacement = '\uFFFD';
const ellipsis = '…';

/** Controls, line and paragraph separators, bidirectional overrides, zero-width and tag characters, lone surrogates. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uD800-\uDFFF\u{E0000}-\u{E01EF}]/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One line: runs of white space become one space, characters that cannot be seen become visible. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, ' ').trim();
}

/** Several lines, each cleaned; not more than one empty line in a row. */
export function manyLines(text: string): string {
  return clean(text.replace(/\r\n?/g, '\n'))
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Raw text as `mrkdwn`: `& < >` escaped, words that could call people broken up, cut visibly to `limit` characters. */
export function mrkdwn(text: string, limit: number): string {
  return fitted(breakMentions(manyLines(text)), limit, (character) => entities[character] ?? character);
}

/** Raw text as a code span of `mrkdwn`: no character in it can end the span. */
export function code(text: string, limit: number): string {
  const inner = mrkdwn(oneLine(text).replaceAll('`', 'ˋ'), limit - 2);
  return inner === '' ? '' : `\`${inner}\``;
}

/** Raw text for `plain_text` objects, where Slack parses nothing (what looks like a mention or link is broken up even so); cut visibly. */
export function plain(text: string, limit: number): string {
  return fitted(breakMentions(oneLine(text)).replace(/<(?=\S)/g, '<\u2060'), limit, (character) => character);
}

/** A web address for a button or link: https (or loopback for trials), without credentials; else `undefined`. */
export function webAddress(text: string | undefined, limit = 3_000): string | undefined {
  if (text === undefined || text.length > limit || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const acceptable = url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
  return acceptable && url.username === '' && url.password === '' && url.href.length <= limit ? url.href : undefined;
}

function clean(text: string): string {
  return text.replace(unseen, replacement);
}

/** Slack turns `@here` and its like into mentions when a workspace parses names: an invisible joiner keeps it from that. */
function breakMentions(text: string): string {
  return text.replace(/([@!])(here|channel|everyone|subteam)/gi, '$1\u2060$2');
}

/** Writes character by character, so that neither an entity nor a surrogate pair is cut in two. */
function fitted(text: string, limit: number, write: (character: string) => string): string {
  let written = '';
  let lastThatLeavesRoom = '';
  for (const character of text) {
    const next = written + write(character);
    if (next.length > limit) {
      return limit > 0 ? lastThatLeavesRoom + ellipsis : '';
    }
    written = next;
    if (written.length < limit) {
      lastThatLeavesRoom = written;
    }
  }
  return written;
}
