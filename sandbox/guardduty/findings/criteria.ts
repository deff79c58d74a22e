import type { Condition, FindingCriteria } from '@aws-sdk/client-guardduty';
import { invalidInput } from '../errors';
import { lengthWithin } from '../input';
import type { Document } from './document';

/** Every value at a dotted path; lists are walked into. */
function valuesAt(document: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(document)) {
    return document.flatMap((item) => valuesAt(item, path));
  }
  const [name, ...rest] = path;
  if (name === undefined) {
    return document === undefined ? [] : [document];
  }
  return typeof document === 'object' && document !== null ? valuesAt((document as Document)[name], rest) : [];
}

function same(value: unknown, wanted: string): boolean {
  return String(value) === wanted || (typeof value === 'number' && value === Number(wanted) && wanted.trim() !== '');
}

/** Numbers as they are, times in milliseconds since 1970. */
function comparable(value: unknown): number {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) {
    return Date.parse(value);
  }
  return Number(value);
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
}

type Test = (values: readonly unknown[]) => boolean;

function tests(condition: Condition): Test[] {
  const found: Test[] = [];
  const equal = condition.Equals ?? condition.Eq;
  const unequal = condition.NotEquals ?? condition.Neq;
  if (equal) {
    found.push((values) => values.some((value) => equal.some((wanted) => same(value, wanted))));
  }
  if (unequal) {
    found.push((values) => !values.some((value) => unequal.some((wanted) => same(value, wanted))));
  }
  const bounds: [number | undefined, (value: number, bound: number) => boolean][] = [
    [condition.GreaterThan ?? condition.Gt, (value, bound) => value > bound],
    [condition.GreaterThanOrEqual ?? condition.Gte, (value, bound) => value >= bound],
    [condition.LessThan ?? condition.Lt, (value, bound) => value < bound],
    [condition.LessThanOrEqual ?? condition.Lte, (value, bound) => value <= bound],
  ];
  for (const [bound, holds] of bounds) {
    if (bound !== undefined) {
      found.push((values) => values.some((value) => holds(comparable(value), bound)));
    }
  }
  return [...found, ...patterns(condition)];
}

function patterns(condition: Condition): Test[] {
  const any = (list: readonly string[]) => {
    const expressions = list.map(wildcard);
    return (values: readonly unknown[]) =>
      values.some((value) => expressions.some((expression) => expression.test(String(value))));
  };
  const { Matches, NotMatches } = condition;
  return [
    ...(Matches ? [any(Matches)] : []),
    ...(NotMatches ? [(values: readonly unknown[]) => !any(NotMatches)(values)] : []),
  ];
}

/** At most five patterns of up to 512 characters, as the reference has it. @throws ServiceError */
export function checkCriteria(criteria: FindingCriteria | undefined): void {
  for (const { Matches = [], NotMatches = [] } of Object.values(criteria?.Criterion ?? {})) {
    if (Matches.length > 5 || NotMatches.length > 5) {
      throw invalidInput();
    }
    for (const pattern of [...Matches, ...NotMatches]) {
      lengthWithin(pattern, 1, 512);
    }
  }
}

/** Whether a finding (as a document in camel case) meets all criteria. */
export function meets(document: Document, criteria: FindingCriteria | undefined): boolean {
  return Object.entries(criteria?.Criterion ?? {}).every(([attribute, condition]) => {
    const values = valuesAt(document, attribute.split('.'));
    return tests(condition).every((test) => test(values));
  });
}

/** Orders documents by the first value at a path. */
export function orderBy<T>(
  items: readonly T[],
  document: (item: T) => Document,
  attribute: string,
  descending: boolean,
): T[] {
  const keyed = items.map((item) => ({ item, key: valuesAt(document(item), attribute.split('.'))[0] }));
  const compare = (left: unknown, right: unknown): number => {
    const [a, b] = [comparable(left), comparable(right)];
    return Number.isNaN(a) || Number.isNaN(b) ? String(left).localeCompare(String(right)) : a - b;
  };
  keyed.sort((left, right) => compare(left.key, right.key) * (descending ? -1 : 1));
  return keyed.map(({ item }) => item);
}
