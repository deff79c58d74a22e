import { isIP } from 'node:net';

/** A range of addresses: its family, first address and the length of its prefix. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

function number4(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function number6(text: string): bigint {
  const plain = text.replace(/(\d+\.\d+\.\d+\.\d+)$/, (quad) => {
    const value = number4(quad);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const [left, right] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; bits behind the prefix are dropped. `undefined` when it is no range. */
export function readRange(text: string | undefined): Range | undefined {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text ?? '') ?? [];
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const prefix = Number(length);
  if ((family !== 4 && family !== 6) || prefix > bits) {
    return undefined;
  }
  const rest = BigInt(bits - prefix);
  const value = family === 4 ? number4(address) : number6(address);
  return { family, first: (value >> rest) << rest, prefix };
}

export function address4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

/** An IPv6 address with the longest run of zeros left out (RFC 5952). */
function address6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const runs = [...parts.join(':').matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (!longest) {
    return parts.join(':');
  }
  const text = parts.join(':');
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** The text of a range, as EC2 shows it. */
export function rangeText(range: Range): string {
  return `${range.family === 4 ? address4(range.first) : address6(range.first)}/${range.prefix}`;
}

export function size(range: Range): bigint {
  return 1n << BigInt((range.family === 4 ? 32 : 128) - range.prefix);
}

export function contains(outer: Range, inner: Range): boolean {
  return (
    outer.family === inner.family &&
    outer.first <= inner.first &&
    inner.first + size(inner) <= outer.first + size(outer)
  );
}

export function overlaps(one: Range, other: Range): boolean {
  return contains(one, other) || contains(other, one);
}
