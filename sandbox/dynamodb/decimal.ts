import { ServiceError } from '../core/errors';

/** A number as DynamoDB keeps it: up to 38 digits, exactly. */
interface Decimal {
  readonly digits: bigint;
  /** Power of ten that `digits` is divided by. */
  readonly scale: number;
}

const largestExponent = 126;
const precision = 38;

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}

function parse(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim()) ?? [];
  if (whole === '' && fraction === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const magnitude = Number(exponent);
  if (Math.abs(magnitude) > 1000) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  return shortest({
    digits: BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`),
    scale: fraction.length - magnitude,
  });
}

/** Takes trailing zeros off. */
function shortest({ digits, scale }: Decimal): Decimal {
  let [shorter, places] = [digits, scale];
  while (shorter !== 0n && shorter % 10n === 0n) {
    shorter /= 10n;
    places -= 1;
  }
  return shorter === 0n ? { digits: 0n, scale: 0 } : { digits: shorter, scale: places };
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

function write({ digits, scale }: Decimal): string {
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString();
  if (scale <= 0) {
    return `${negative ? '-' : ''}${text}${'0'.repeat(-scale)}`;
  }
  const padded = text.padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function checked(value: Decimal): Decimal {
  const length = (value.digits < 0n ? -value.digits : value.digits).toString().length;
  if (length > precision) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  if (value.digits !== 0n && length - value.scale - 1 >= largestExponent) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  return value;
}

/** The one form of a number in which DynamoDB answers it. @throws ServiceError `ValidationException` */
export function normalNumber(text: string): string {
  return write(checked(parse(text)));
}

export function compareNumbers(a: string, b: string): number {
  const [left, right] = aligned(parse(a), parse(b));
  return left < right ? -1 : Number(left > right);
}

export function addNumbers(a: string, b: string, sign: 1 | -1 = 1): string {
  const [left, right, scale] = aligned(parse(a), parse(b));
  return write(checked(shortest({ digits: left + BigInt(sign) * right, scale })));
}
