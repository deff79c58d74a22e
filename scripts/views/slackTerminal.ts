import pc from 'picocolors';
import type { Block, SlackMessage } from '../../notifier/message/slack';
import { type Piece, slackPieces } from './slackText';

interface TerminalOptions {
  readonly width: number;
  /** Where the event was read. */
  readonly place: string;
}

/** A Slack message for a terminal: a coloured bar, fields in two columns, links written out. */
export function slackTerminal(message: SlackMessage, { width, place }: TerminalOptions): string {
  const top = wrapped(pieces(message.text), width);
  const bodies = message.attachments.flatMap(({ color, blocks }) => {
    const bar = barOf(color);
    return blocks.flatMap((block) => blockLines(block, width - 2)).map((line) => `${bar} ${line}`);
  });
  return `${[pc.dim(place), ...top, ...bodies].join('\n')}\n`;
}

function blockLines(block: Block, width: number): string[] {
  switch (block.type) {
    case 'header':
      return [...wrapped(block.text.text, width).map((line) => pc.bold(line)), ''];
    case 'section':
      return [
        ...(block.text === undefined ? [] : [...wrapped(pieces(block.text.text), width), '']),
        ...(block.fields === undefined
          ? []
          : columns(
              block.fields.map(({ text }) => text),
              width,
            )),
      ];
    case 'context':
      return wrapped(
        block.elements.map((element) => ('text' in element ? pieces(element.text) : '')).join('  '),
        width,
      ).map((line) => pc.dim(line));
    case 'actions':
      return block.elements.flatMap((element) =>
        element.type === 'button' ? [`[ ${pc.cyan(element.text.text)} ] ${pc.dim(element.url ?? '')}`] : [],
      );
    case 'divider':
      return ['─'.repeat(width)];
  }
}

function columns(fields: readonly string[], width: number): string[] {
  const half = Math.floor((width - 2) / 2);
  const lines: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const left = wrapped(pieces(fields[index] ?? ''), half);
    const right = wrapped(pieces(fields[index + 1] ?? ''), half);
    for (let row = 0; row < Math.max(left.length, right.length); row += 1) {
      lines.push(`${padded(left[row] ?? '', half)}  ${right[row] ?? ''}`.trimEnd());
    }
    lines.push('');
  }
  return lines;
}

function pieces(mrkdwn: string): string {
  return slackPieces(mrkdwn).map(styled).join('');
}

function styled(piece: Piece): string {
  switch (piece.kind) {
    case 'bold':
      return pc.bold(piece.text);
    case 'italic':
      return pc.italic(piece.text);
    case 'code':
    case 'block':
      return pc.yellow(piece.text);
    case 'mention':
      return pc.blue(piece.text);
    case 'link':
      return pc.cyan(piece.text);
    case 'date':
    case 'text':
      return piece.text;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of picocolors.
const escapes = /\u001b\[[0-9;]*m/g;

function visibleLength(text: string): number {
  return [...text.replace(escapes, '')].reduce((sum, character) => sum + (isWide(character) ? 2 : 1), 0);
}

function isWide(character: string): boolean {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(
    character,
  );
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - visibleLength(text), 0));
}

/** Breaks at spaces, and inside words that are longer than a line only where a terminal would. */
function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      const longer = current === '' ? word : `${current} ${word}`;
      if (current !== '' && visibleLength(longer) > width) {
        lines.push(current);
        current = word;
      } else {
        current = longer;
      }
    }
    return [...lines, current];
  });
}

function barOf(color: string): string {
  const [, red, green, blue] = /^#(..)(..)(..)$/.exec(color) ?? [];
  return pc.isColorSupported && red && green && blue
    ? `\u001b[38;2;${Number.parseInt(red, 16)};${Number.parseInt(green, 16)};${Number.parseInt(blue, 16)}m▌\u001b[39m`
    : '|';
}
