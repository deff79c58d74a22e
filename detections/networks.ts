import { isIP } from 'node:net';
import { DetectionError } from './errors';

/** A block of addresses. */
export interface Network {
  readonly family: 4 | 6;
  readonly bits: number;
  readonly base: bigint;
}

/** Parses an address or CIDR block. Throws `DetectionError` `detection.network`. */
export function parseNetwork(text: string): Network {
  const [address = '', mask, ...more] = text.split('/');
  const family = isIP(address) as 0 | 4 | 6;
  const width = family === 0 ? 0 : widthOf(family);
  const bits = mask === undefined ? width : Number(mask);
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/.test(mask ?? '0') || bits > width) {
    throw new DetectionError(
      'detection.network',
      `${text} is no network`,
      'Give CIDR blocks, such as 203.0.113.0/24 or 2001:db8::/32.',
    );
  }
  const size = BigInt(width - bits);
  return { family, bits, base: (addressValue(address) >> size) << size };
}

/** Whether text is an IP address outside all of the networks. */
export function outsideTest(networks: readonly string[]): (text: string) => boolean {
  const parsed = networks.map(parseNetwork);
  return (text) => {
    const family = isIP(text);
    if (family === 0 || text.includes('%')) {
      return false;
    }
    const value = addressValue(text);
    // An IPv4 address written as IPv6 is the IPv4 address.
    const mapped = family === 6 && value >> 32n === 0xffffn;
    const [actual, width, address] = mapped ? [4, 32, value & 0xffffffffn] : [family, family === 4 ? 32 : 128, value];
    return !parsed.some(
      ({ family: own, bits, base }) =>
        own === actual && address >> BigInt(width - bits) === base >> BigInt(width - bits),
    );
  };
}

/** The fewest blocks that hold every address of a family outside the blocks given, which are of that family. */
export function complement(networks: readonly Network[], family: 4 | 6): Network[] {
  return uncovered({ family, bits: 0, base: 0n }, networks);
}

function uncovered(block: Network, taken: readonly Network[]): Network[] {
  const inside = taken.filter((network) => contains(block, network));
  if (taken.some((network) => contains(network, block))) {
    return [];
  }
  if (inside.length === 0) {
    return [block];
  }
  const { family } = block;
  const bits = block.bits + 1;
  const upper = block.base | (1n << BigInt(widthOf(family) - bits));
  return [block.base, upper].flatMap((base) => uncovered({ family, bits, base }, inside));
}

function contains(outer: Network, inner: Network): boolean {
  const shift = BigInt(widthOf(outer.family) - outer.bits);
  return inner.bits >= outer.bits && inner.base >> shift === outer.base >> shift;
}

function widthOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/** A block as text; a single address without its mask. */
export function networkText({ family, base, bits }: Network): string {
  const address = family === 4 ? text4(base) : text6(base);
  return bits === widthOf(family) ? address : `${address}/${bits}`;
}

function text4(base: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 0xffn).join('.');
}

/** As short as it goes (RFC 5952), which is how CloudTrail writes addresses. */
function text6(base: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (base >> BigInt(112 - 16 * index)) & 0xffffn);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

function addressValue(address: string): bigint {
  if (isIP(address) === 4) {
    return address.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
  }
  const [head = '', tail] = withoutDots(address).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** `::ffff:10.0.0.1` as `::ffff:a00:1`. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}
