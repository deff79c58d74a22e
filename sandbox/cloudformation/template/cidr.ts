import { validationError } from '../errors';

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) {
    return undefined;
  }
  return parts.reduce((number, part) => (number << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) {
    return undefined;
  }
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if ((tail === undefined && missing !== 0) || missing < 0) {
    return undefined;
  }
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) {
    return undefined;
  }
  return groups.reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}

function formatIpv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  const zeros = groups.join(':').match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = zeros.reduce((best, each) => (each.length > best.length ? each : best), '');
  return longest === ''
    ? groups.join(':')
    : groups
        .join(':')
        .replace(longest, longest.startsWith(':') ? ':' : '')
        .replace(/^$|^:(?!:)|:$/, '::');
}

/**
 * `Fn::Cidr`: `count` blocks with `bits` host bits each out of one block.
 *
 * @throws ServiceError `ValidationError` when the block is none or cannot be cut so
 */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address = '', prefix = ''] = block.split('/');
  const version6 = address.includes(':');
  const size = version6 ? 128 : 32;
  const base = version6 ? parseIpv6(address) : parseIpv4(address);
  const length = Number(prefix);
  if (base === undefined || !/^\d+$/.test(prefix) || length > size) {
    throw validationError(`Template error: Fn::Cidr: ${block} is not a valid CIDR block`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256 || !Number.isInteger(bits) || bits < 1 || bits > size) {
    throw validationError('Template error: Fn::Cidr requires a count from 1 to 256 and a number of host bits');
  }
  const available = size - bits < length ? 0n : 1n << BigInt(size - bits - length);
  if (BigInt(count) > available) {
    throw validationError(
      `Template error: Fn::Cidr: ${block} cannot be cut into ${count} blocks with ${bits} host bits`,
    );
  }
  const network = (base >> BigInt(size - length)) << BigInt(size - length);
  const format = version6 ? formatIpv6 : formatIpv4;
  return Array.from(
    { length: count },
    (_, index) => `${format(network + (BigInt(index) << BigInt(bits)))}/${size - bits}`,
  );
}
