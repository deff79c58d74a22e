/** Addresses between two ends, as digits of hexadecimal text; an open end is not in the range. */
export interface AddressRange {
  readonly bottom: string;
  readonly top: string;
}

/**
 * The hexadecimal digits of an address: 8 for IPv4, 32 for IPv6 (an IPv4 address written as `::ffff:…` is IPv4).
 * Undefined when the text is no address.
 */
export function addressDigits(text: string): string | undefined {
  return text.includes(':') ? ipv6Digits(text) : ipv4Digits(text);
}

function ipv4Digits(text: string): string | undefined {
  const parts = /^(\d{1,10})\.(\d{1,10})\.(\d{1,10})\.(\d{1,10})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) {
    return undefined;
  }
  return parts
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function ipv6Digits(text: string): string | undefined {
  if (!/^[0-9a-fA-F:]+$/.test(text)) {
    return undefined;
  }
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) {
    return undefined;
  }
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  if (!left || !right) {
    return undefined;
  }
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return undefined;
  }
  const digits = [...left, ...new Array<string>(missing).fill('0000'), ...right].join('').toUpperCase();
  return digits.startsWith('00000000000000000000FFFF') ? digits.slice(24) : digits;
}

function groups(text: string): string[] | undefined {
  const parts = text === '' ? [] : text.split(':');
  return parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))
    ? parts.map((part) => part.padStart(4, '0'))
    : undefined;
}

/** The range of a CIDR block. Throws an `Error` whose message is EventBridge's reason. */
export function cidrRange(text: string): AddressRange {
  const parts = text.replace(/\/+$/, '').split('/');
  if (parts.length !== 2) {
    throw new Error("Malformed CIDR, one '/' required");
  }
  const [address = '', bits = ''] = parts;
  if (!/^[+-]?\d{1,9}$/.test(bits)) {
    throw new Error('Malformed CIDR, mask bits must be an integer');
  }
  const mask = Number(bits);
  if (mask < 0) {
    throw new Error('Malformed CIDR, mask bits must not be negative');
  }
  const digits = addressDigits(address);
  if (digits === undefined) {
    throw new Error(
      `${/^(\d+(\.\d+){3}|[0-9a-fA-F:]+)$/.test(address) ? 'Invalid' : 'Nonstandard'} IP address: ${address}`,
    );
  }
  const width = digits.length * 4;
  if (mask >= width) {
    throw new Error(`IPv${width === 32 ? 4 : 6} mask bits must be < ${width}`);
  }
  return rangeOf(digits, mask);
}

function rangeOf(digits: string, mask: number): AddressRange {
  const size = BigInt(digits.length * 4 - mask);
  const base = (BigInt(`0x${digits}`) >> size) << size;
  const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(digits.length, '0');
  return { bottom: hex(base), top: hex(base | ((1n << size) - 1n)) };
}

/** The range that holds one address alone, or undefined when the text is no address. */
export function singleAddress(text: string): AddressRange | undefined {
  const digits = addressDigits(text);
  return digits === undefined ? undefined : { bottom: digits, top: digits };
}

/**
 * Whether an address lies in a range, as EventBridge sees it: digit by digit, so that the first differing digit
 * decides and the two families are not kept apart (`2000::/3` holds 40.1.1.1).
 */
export function inRange(digits: string, { bottom, top }: AddressRange): boolean {
  const compared = digits.slice(0, bottom.length);
  const atBottom = bottom.slice(0, compared.length);
  const atTop = top.slice(0, compared.length);
  const whole = compared.length === bottom.length;
  return (
    (compared > atBottom || (whole && compared === atBottom)) && (compared < atTop || (whole && compared === atTop))
  );
}
