import { parseAnythingBut } from './anythingBut';
import { InvalidEventPatternError } from './errors';
import { addressDigits, cidrRange, inRange, singleAddress } from './ip';
import type { Scalar, Test } from './matchers';
import { numericTest } from './numeric';
import type { PatternReader, Token } from './reader';
import { type Comparison, closed, foldedTest, textTest, wildcardTest } from './textTests';

/** An expression of a field's list: a test of its values, or the demand that there is none. */
export type Expression = Test | 'absent';

/** Reads one element of a field's list, whose first token is `token`. */
export function parseExpression(reader: PatternReader, token: Token): Expression {
  switch (token.kind) {
    case 'object':
      return parseMatchExpression(reader);
    case 'string':
      return exactText(token.text);
    case 'number': {
      const wanted = Number(token.text);
      return (value) => value === wanted;
    }
    case 'boolean': {
      const wanted = token.text === 'true';
      return (value) => value === wanted;
    }
    case 'null':
      return (value) => value === null;
    default:
      throw reader.error('Match value must be String, number, true, false, or null');
  }
}

function exactText(text: string): Test {
  const range = singleAddress(text);
  return range ? addressTest(range) : (value) => value === text;
}

function parseMatchExpression(reader: PatternReader): Expression {
  const name = reader.key();
  if (name === undefined) {
    throw reader.error('Match expression name not found');
  }
  const token = reader.value();
  switch (name) {
    case 'exactly':
      return closed(
        reader,
        textTest(requireText(reader, token, 'exact'), (value, wanted) => value === wanted),
      );
    case 'prefix':
      return parseAffix(reader, token, 'prefix', (value, wanted) => value.startsWith(wanted));
    case 'suffix':
      return parseAffix(reader, token, 'suffix', (value, wanted) => value.endsWith(wanted));
    case 'equals-ignore-case':
      return closed(
        reader,
        foldedTest(requireText(reader, token, name), (value, wanted) => value === wanted),
      );
    case 'wildcard':
      return closed(reader, wildcardTest(reader, requireText(reader, token, name)));
    case 'cidr':
      return closed(reader, cidrTest(requireText(reader, token, 'prefix')));
    case 'numeric':
      return closed(reader, numericTest(reader, token), 'Too many elements in numeric expression');
    case 'exists':
      return closed(reader, existence(reader, token));
    case 'anything-but':
      return closed(reader, parseAnythingBut(reader, token), 'Too many elements in numeric expression');
    default:
      throw reader.errorAtValue(`Unrecognized match type ${name}`, token);
  }
}

function requireText(reader: PatternReader, token: Token, name: string): string {
  if (token.kind !== 'string') {
    throw reader.errorAtValue(`${name} match pattern must be a string`, token);
  }
  return token.text;
}

function parseAffix(reader: PatternReader, token: Token, name: string, comparison: Comparison): Test {
  if (token.kind !== 'object') {
    return closed(reader, textTest(requireText(reader, token, name), comparison));
  }
  const inner = reader.key();
  const title = name === 'prefix' ? 'Prefix' : 'Suffix';
  if (inner === undefined) {
    throw reader.error(`${title} expression name not found`);
  }
  if (inner !== 'equals-ignore-case') {
    throw reader.errorAtValue(`Unsupported ${name} pattern: ${inner}`, reader.value());
  }
  const wanted = requireText(reader, reader.value(), 'equals-ignore-case');
  return closed(reader, closed(reader, foldedTest(wanted, comparison)));
}

function cidrTest(text: string): Test {
  try {
    return addressTest(cidrRange(text));
  } catch (error) {
    throw new InvalidEventPatternError((error as Error).message);
  }
}

function addressTest(range: { bottom: string; top: string }): Test {
  return (value: Scalar) => {
    const digits = typeof value === 'string' ? addressDigits(value) : undefined;
    return digits !== undefined && inRange(digits, range);
  };
}

function existence(reader: PatternReader, token: Token): Expression {
  if (token.kind !== 'boolean') {
    throw reader.errorAtValue('exists match pattern must be either true or false.', token);
  }
  return token.text === 'true' ? () => true : 'absent';
}
