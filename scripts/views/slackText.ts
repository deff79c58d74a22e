/** One piece of Slack's `mrkdwn`, taken apart: what a view shows of it is the view's own business. */
export type Piece =
  | { readonly kind: 'text' | 'bold' | 'italic' | 'code' | 'block'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'date'; readonly text: string; readonly seconds: number };

const token = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|\*([^*\n]+)\*|_([^_\n]+)_/g;

/** Takes the `mrkdwn` that the notifier writes apart, in Slack's order: code, angle brackets, then bold and italic. */
export function slackPieces(mrkdwn: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (const found of mrkdwn.matchAll(token)) {
    const start = found.index;
    const inWord = (found[4] ?? found[5]) !== undefined && !standsAlone(mrkdwn, start, found[0].length);
    if (inWord) {
      continue;
    }
    if (start > position) {
      pieces.push({ kind: 'text', text: unescaped(mrkdwn.slice(position, start)) });
    }
    pieces.push(pieceOf(found));
    position = start + found[0].length;
  }
  if (position < mrkdwn.length) {
    pieces.push({ kind: 'text', text: unescaped(mrkdwn.slice(position)) });
  }
  return pieces;
}

function pieceOf([, block, code, angle, bold, italic]: RegExpMatchArray): Piece {
  if (block !== undefined) {
    return { kind: 'block', text: unescaped(block) };
  }
  if (code !== undefined) {
    return { kind: 'code', text: unescaped(code) };
  }
  if (angle !== undefined) {
    return bracketed(angle);
  }
  return bold === undefined
    ? { kind: 'italic', text: unescaped(italic ?? '') }
    : { kind: 'bold', text: unescaped(bold) };
}

function bracketed(inner: string): Piece {
  const [target = '', label] = inner.split('|');
  const date = /^!date\^(\d+)\^/.exec(target);
  if (date !== null) {
    return { kind: 'date', text: unescaped(label ?? ''), seconds: Number(date[1]) };
  }
  if (target.startsWith('!subteam^')) {
    return { kind: 'mention', text: `@${label ?? target.slice('!subteam^'.length)}` };
  }
  if (/^[!@#]/.test(target)) {
    return { kind: 'mention', text: `@${target.slice(1)}` };
  }
  return { kind: 'link', text: unescaped(label ?? target), url: unescaped(target) };
}

function standsAlone(text: string, start: number, length: number): boolean {
  return !/\w/.test(text[start - 1] ?? '') && !/\w/.test(text[start + length] ?? '');
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
