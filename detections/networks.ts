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
  const width = family === 4 ? 32 : 128;
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

/** The fewest IPv4 blocks that hold every address outside the IPv4 blocks given. */
export function complement(networks: readonly Network[]): Network[] {
  return uncovered(
    { family: 4, bits: 0, base: 0n },
    networks.filter(({ family }) => family === 4),
  );
}

function uncovered(block: Network, taken: readonly Network[]): Network[] {
  const inside = taken.filter((network) => contains(block, network));
  if (taken.some((network) => contains(network, block))) {
    return [];
  }
  if (inside.length === 0) {
    return [block];
  }
  const bits = block.bits + 1;
  const upper = block.base | (1n << BigInt(32 - bits));
  return [block.base, upper].flatMap((base) => uncovered({ family: 4, bits, base }, inside));
}

function contains(outer: Network, inner: Network): boolean {
  const shift = BigInt(32 - outer.bits);
  return inner.bits >= outer.bits && inner.base >> shift === outer.base >> shift;
}

/** An IPv4 block as text; a single address without its mask. */
export function networkText({ base, bits }: Network): string {
  const address = [24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 0xffn).join('.');
  return bits === 32 ? address : `${address}/${bits}`;
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
