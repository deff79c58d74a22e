/** A run of addresses of one family, both ends counted. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = { 4: 32, 6: 128 } as const;

/** Reads a CIDR block as AWS writes it; `undefined` for what is none. Bits beyond the mask count as zero. */
export function rangeOf(cidr: string): Range | undefined {
  const [address = '', mask, more] = cidr.trim().split('/');
  const family = address.includes(':') ? 6 : 4;
  const value = family === 4 ? ipv4(address) : ipv6(address);
  const length = mask === undefined ? bits[family] : Number(mask);
  if (value === undefined || more !== undefined || !/^\d{1,3}$/.test(mask ?? '0') || length > bits[family]) {
    return undefined;
  }
  const size = 1n << BigInt(bits[family] - length);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

function ipv4(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6(address: string): bigint | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const tail = dotted ? ipv4(dotted[2] as string) : 0n;
  if (tail === undefined) {
    return undefined;
  }
  const written = dotted ? `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}` : address;
  const halves = written.split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [before = [], after = []] = groups;
  const missing = 8 - before.length - after.length;
  const isWhole = halves.length === 1 ? missing === 0 : halves.length === 2 && missing >= 1;
  const all = [...before, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...after];
  if (!isWhole || !all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
    return undefined;
  }
  return all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** Addresses that no packet of the internet comes from. Source: IANA's registry of special-purpose IPv4 addresses. */
const notInternet = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
].concat(['192.168.0.0/16', '224.0.0.0/3']);
const excluded = notInternet.map((cidr) => rangeOf(cidr) as Range);
/** Where all of the internet's IPv6 addresses are. */
const globalUnicast = rangeOf('2000::/3') as Range;

/** How many addresses of the internet a set of ranges holds, and how many of its family in all. */
interface Size {
  readonly all: bigint;
  readonly internet: bigint;
}

function sizeOf(ranges: readonly Range[], family: 4 | 6): Size {
  const own = merged(ranges.filter((range) => range.family === family));
  const total = (list: readonly Range[]) => list.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
  const internet =
    family === 6
      ? total(own.flatMap((range) => common(range, globalUnicast)))
      : total(own) - total(own.flatMap((range) => excluded.flatMap((other) => common(range, other))));
  return { all: total(own), internet };
}

function common(one: Range, other: Range): Range[] {
  // biome-ignore lint/complexity/useMathMinMax: these are no numbers.
  const first = one.first > other.first ? one.first : other.first;
  // biome-ignore lint/complexity/useMathMinMax: these are no numbers.
  const last = one.last < other.last ? one.last : other.last;
  return first > last ? [] : [{ family: one.family, first, last }];
}

/** Ranges without overlaps, in their order. */
function merged(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  const result: Range[] = [];
  for (const range of sorted) {
    const previous = result.at(-1);
    if (previous && range.first <= previous.last + 1n) {
      // biome-ignore lint/complexity/useMathMinMax: these are no numbers.
      const last = range.last > previous.last ? range.last : previous.last;
      result[result.length - 1] = { ...previous, last };
    } else {
      result.push(range);
    }
  }
  return result;
}

const wholeInternet = { 4: sizeOf([rangeOf('0.0.0.0/0') as Range], 4).internet, 6: 1n << 125n } as const;

/**
 * Whether addresses are as good as everybody, in one family or any: half of all that there are or more, or half of the
 * internet's. Two rules with halves are as open as one with the whole, so a half counts.
 */
export function isWorld(ranges: readonly Range[], families: readonly Range['family'][] = [4, 6]): boolean {
  return families.some((family) => prefixOf(ranges, family) <= 1);
}

/**
 * How large a part of a family's addresses the ranges hold, of all or of the internet's, whichever is larger: 0 the
 * whole, 1 half of it or more, 8 a 256th, and so on; one more than the family's bits for none.
 */
export function prefixOf(ranges: readonly Range[], family: Range['family']): number {
  const { all, internet } = sizeOf(ranges, family);
  return Math.min(halvings(all, 1n << BigInt(bits[family])), halvings(internet, wholeInternet[family]));
}

function halvings(part: bigint, whole: bigint): number {
  let count = 0;
  for (let size = part; size > 0n && size < whole; size *= 2n) {
    count += 1;
  }
  return part > 0n ? count : bits[6] + 1;
}
