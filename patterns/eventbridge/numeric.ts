import type { Scalar, Test } from './matchers';
import type { PatternReader, Token } from './reader';

/** Reads the list of a `numeric` expression: `["=", 5]`, `["<", 5]`, `[">", 0, "<=", 5]`. */
export function numericTest(reader: PatternReader, token: Token): Test {
  if (token.kind !== 'array') {
    throw reader.errorAtValue('Value of numeric must be an array.', token);
  }
  const operator = reader.element();
  if (operator.kind !== 'string') {
    throw reader.error(`Invalid member in numeric match: ${operator.text}`);
  }
  const bound = reader.element();
  switch (operator.text) {
    case '=':
      return alone(reader, comparison('=', comparable(reader, bound, 'equals')));
    case '<':
    case '<=':
      return alone(reader, comparison(operator.text, comparable(reader, bound, operator.text)));
    case '>':
    case '>=':
      return range(reader, operator.text, comparable(reader, bound, operator.text));
    default:
      throw reader.error(`Unrecognized numeric range operator: ${operator.text}`);
  }
}

function alone(reader: PatternReader, test: Test): Test {
  if (reader.element().kind !== 'end array') {
    throw reader.error('Too many elements in numeric expression');
  }
  return test;
}

function range(reader: PatternReader, operator: '>' | '>=', bottom: number): Test {
  const next = reader.element();
  if (next.kind === 'end array') {
    return comparison(operator, bottom);
  }
  if (next.kind !== 'string') {
    throw reader.error(`Bad value in numeric range: ${next.text}`);
  }
  if (next.text !== '<' && next.text !== '<=') {
    throw reader.error(`Bad numeric range operator: ${next.text}`);
  }
  const top = comparable(reader, reader.element(), next.text);
  if (reader.element().kind !== 'end array') {
    throw reader.error('Too many terms in numeric range expression');
  }
  if (bottom >= top) {
    throw reader.error('Bottom must be less than top');
  }
  const [above, below] = [comparison(operator, bottom), comparison(next.text, top)];
  return (value) => above(value) && below(value);
}

function comparable(reader: PatternReader, token: Token, operator: string): number {
  if (token.kind !== 'number') {
    throw reader.errorAtValue(`Value of ${operator} must be numeric`, token);
  }
  return comparableNumber(reader, token.text);
}

/** The number that a text stands for. A text with more digits than a double holds cannot be compared. */
export function comparableNumber(reader: PatternReader, text: string): number {
  const value = Number(text);
  if (!isExact(text, value)) {
    throw reader.error(`Cannot compare number : ${text}`);
  }
  return value;
}

/** Whether the double says the same as the text. */
function isExact(text: string, value: number): boolean {
  return Number.isFinite(value) && normalForm(text) === normalForm(String(value));
}

/** Digits without zeros at their ends, and the power of ten of the last one. */
function normalForm(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return significant === ''
    ? '0'
    : `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

function comparison(operator: '=' | '<' | '<=' | '>' | '>=', bound: number): Test {
  const compare: Record<typeof operator, (value: number) => boolean> = {
    '=': (value) => value === bound,
    '<': (value) => value < bound,
    '<=': (value) => value <= bound,
    '>': (value) => value > bound,
    '>=': (value) => value >= bound,
  };
  const test = compare[operator];
  return (value: Scalar) => typeof value === 'number' && test(value);
}
