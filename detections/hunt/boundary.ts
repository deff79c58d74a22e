/** In what records stand: a list, that of an object, or one after another, such as a line each. */
export type Enclosure = 'list' | 'wrapped list' | 'values';

const comma = 0x2c;
const closeBrace = 0x7d;
const beginning = /^\ufeff?\s*(?:(\{\s*"(?:Records|Events)"\s*:\s*\[)|(\[))?\s*(\{\s*"[^"\\]+"\s*:)/;

/** White space of JSON. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** In what a file's records stand, and what the first of them begins with. */
export function beginningOf(head: Buffer): { readonly within: Enclosure; readonly marker: string } | undefined {
  const [, wrapped, list, text] = beginning.exec(head.toString('utf8')) ?? [];
  if (text === undefined) {
    return undefined;
  }
  return { within: wrapped !== undefined ? 'wrapped list' : list !== undefined ? 'list' : 'values', marker: text };
}

/** The end of the object in front of a position, if nothing but a comma or white space stands between; else negative. */
export function endBefore(bytes: Buffer, position: number): number {
  let end = position;
  while (end > 0 && (bytes[end - 1] === comma || isBlank(bytes[end - 1]))) {
    end -= 1;
  }
  return end < position && bytes[end - 1] === closeBrace ? end : -1;
}
