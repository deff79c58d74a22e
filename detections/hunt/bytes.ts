/** Node.js has these beside `toString`, without its checks; they are called a few times for every record. */
export interface Sliced extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
const backslash = 0x5c;

/** The position after the closing quote; past the end when there is none. */
export function skipText(bytes: Buffer, begin: number): number {
  const length = bytes.length;
  let position = begin;
  while (position < length) {
    const byte = bytes[position];
    if (byte === quote) {
      return position + 1;
    }
    position += byte === backslash ? 2 : 1;
  }
  return length + 1;
}
