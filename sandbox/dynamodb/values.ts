import { ServiceError } from '../core/errors';
import { compareNumbers, normalNumber } from './decimal';

/** An attribute value in the SDK's own shape: one member, named by its type. */
export interface Value {
  S?: string;
  N?: string;
  B?: Uint8Array;
  SS?: string[];
  NS?: string[];
  BS?: Uint8Array[];
  M?: Record<string, Value>;
  L?: Value[];
  NULL?: boolean;
  BOOL?: boolean;
}

export type Item = Record<string, Value>;
export type TypeName = keyof Value;

const deepest = 32;

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}

export function typeOf(value: Value): TypeName {
  for (const [type, member] of Object.entries(value)) {
    if (member !== undefined) {
      return type as TypeName;
    }
  }
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

function checkSet(members: readonly unknown[], describe: (member: never) => string): void {
  if (members.length === 0) {
    throw invalid('One or more parameter values were invalid: An number set  may not be empty');
  }
  const texts = members.map((member) => describe(member as never));
  if (new Set(texts).size !== texts.length) {
    throw invalid(
      `One or more parameter values were invalid: Input collection [${texts.join(', ')}] contains duplicates.`,
    );
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Checks a value and gives it its one form. @throws ServiceError `ValidationException` */
export function normal(value: Value, depth = 0): Value {
  if (depth > deepest) {
    throw invalid('Nesting Levels have exceeded supported limits');
  }
  const given = Object.values(value).filter((member) => member !== undefined);
  if (given.length > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  switch (typeOf(value)) {
    case 'N':
      return { N: normalNumber(value.N ?? '') };
    case 'SS':
      checkSet(value.SS ?? [], (text: string) => text);
      return value;
    case 'NS': {
      const NS = (value.NS ?? []).map(normalNumber);
      checkSet(NS, (text: string) => text);
      return { NS };
    }
    case 'BS':
      checkSet(value.BS ?? [], base64);
      return value;
    case 'M':
      return { M: normalItem(value.M ?? {}, depth + 1) };
    case 'L':
      return { L: (value.L ?? []).map((member) => normal(member, depth + 1)) };
    case 'NULL':
      if (value.NULL !== true) {
        throw invalid(
          'One or more parameter values were invalid: Null attribute value types must have the value of true',
        );
      }
      return value;
    default:
      return value;
  }
}

export function normalItem(item: Item, depth = 0): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, normal(value, depth)]));
}

export function equal(a: Value, b: Value): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) {
    return false;
  }
  switch (type) {
    case 'N':
      return compareNumbers(a.N ?? '', b.N ?? '') === 0;
    case 'B':
      return Buffer.compare(Buffer.from(a.B ?? []), Buffer.from(b.B ?? [])) === 0;
    case 'SS':
    case 'NS':
    case 'BS':
      return sameMembers(members(a), members(b));
    case 'L':
      return a.L?.length === b.L?.length && (a.L ?? []).every((member, index) => equal(member, b.L?.[index] as Value));
    case 'M': {
      const names = Object.keys(a.M ?? {});
      const other = b.M ?? {};
      return (
        names.length === Object.keys(other).length &&
        names.every((name) => other[name] && equal(a.M?.[name] as Value, other[name]))
      );
    }
    default:
      return a[type] === b[type];
  }
}

/** The members of a set, as values. */
export function members(value: Value): Value[] {
  return [
    ...(value.SS ?? []).map((S) => ({ S })),
    ...(value.NS ?? []).map((N) => ({ N })),
    ...(value.BS ?? []).map((B) => ({ B })),
  ];
}

function sameMembers(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((one) => b.some((other) => equal(one, other)));
}

/** Orders strings, numbers and binaries; `undefined` for values that have no order between them. */
export function compare(a: Value, b: Value): number | undefined {
  const type = typeOf(a);
  if (type !== typeOf(b)) {
    return undefined;
  }
  switch (type) {
    case 'S':
      return Buffer.compare(Buffer.from(a.S ?? ''), Buffer.from(b.S ?? ''));
    case 'N':
      return compareNumbers(a.N ?? '', b.N ?? '');
    case 'B':
      return Buffer.compare(Buffer.from(a.B ?? []), Buffer.from(b.B ?? []));
    default:
      return undefined;
  }
}

/** What `size()` says of a value. */
export function sizeOf(value: Value): number | undefined {
  if (value.S !== undefined) {
    return Buffer.byteLength(value.S);
  }
  return (
    value.B?.length ??
    value.L?.length ??
    (value.M && Object.keys(value.M).length) ??
    (value.SS ?? value.NS ?? value.BS)?.length
  );
}

/** Bytes that a value counts against an item's limit. */
export function bytesOf(value: Value): number {
  if (value.N !== undefined) {
    return Math.ceil(value.N.length / 2) + 1;
  }
  if (value.M) {
    return 3 + itemBytes(value.M) + Object.keys(value.M).length;
  }
  if (value.L) {
    return 3 + value.L.reduce((sum, member) => sum + bytesOf(member) + 1, 0);
  }
  const set = members(value);
  return set.length > 0 ? set.reduce((sum, member) => sum + bytesOf(member), 0) : (sizeOf(value) ?? 1);
}

export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value), 0);
}
