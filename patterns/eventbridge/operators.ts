import { InvalidEventPatternError } from './errors';
import { addressDigits, cidrRange, inRange, singleAddress } from './ip';
import { fold, type Scalar, type Test } from './matchers';
import { comparableNumber, numericTest } from './numeric';
import type { PatternReader, Token } from './reader';
import { matchesWildcard, maximumWildcardComplexity, parseWildcard, wildcardComplexity } from './wildcard';

/** An expression of a field's list: a test of its values, or the demand that there is none. */
export type Expression = Test | 'absent';

const onlyOneKey = 'Only one key allowed in match expression';
const tooComplex =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

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

function closed<T>(reader: PatternReader, result: T, reason = onlyOneKey): T {
  if (reader.key() !== undefined) {
    throw reader.errorAtValue(reason, reader.value());
  }
  return result;
}

function requireText(reader: PatternReader, token: Token, name: string): string {
  if (token.kind !== 'string') {
    throw reader.errorAtValue(`${name} match pattern must be a string`, token);
  }
  return token.text;
}

type Comparison = (value: string, wanted: string) => boolean;

function textTest(wanted: string, comparison: Comparison): Test {
  return (value) => typeof value === 'string' && comparison(value, wanted);
}

function foldedTest(wanted: string, comparison: Comparison): Test {
  const folded = fold(wanted);
  return (value) => typeof value === 'string' && comparison(fold(value), folded);
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

function wildcardTest(reader: PatternReader, text: string): Test {
  try {
    const parts = parseWildcard(text);
    if (wildcardComplexity(parts) > maximumWildcardComplexity) {
      throw new InvalidEventPatternError(tooComplex);
    }
    return (value) => typeof value === 'string' && matchesWildcard(parts, value);
  } catch (error) {
    throw error instanceof InvalidEventPatternError ? error : reader.error((error as Error).message);
  }
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

type AnythingButForm = 'equals-ignore-case' | 'prefix' | 'suffix' | 'wildcard';
const anythingButForms: ReadonlySet<string> = new Set(['equals-ignore-case', 'prefix', 'suffix', 'wildcard']);

function parseAnythingBut(reader: PatternReader, token: Token): Test {
  if (token.kind !== 'object') {
    return anythingButValues(
      reader,
      listOf(reader, token, 'Inside anything but list, start|null|boolean is not supported.'),
    );
  }
  const form = reader.key();
  if (form === undefined) {
    throw reader.error('Anything-But expression name not found');
  }
  const value = reader.value();
  if (!anythingButForms.has(form)) {
    throw reader.errorAtValue(`Unsupported anything-but pattern: ${form}`, value);
  }
  const refused = anythingButForm(reader, value, form as AnythingButForm);
  return closed(reader, (scalar) => !refused.some((test) => test(scalar)), 'Too many elements in numeric expression');
}

function listOf(reader: PatternReader, token: Token, reason: string): Token[] {
  if (token.kind !== 'array') {
    if (token.kind !== 'string' && token.kind !== 'number') {
      throw reader.error('Value of anything-but must be an array or single string/number value.');
    }
    return [token];
  }
  const found: Token[] = [];
  for (let next = reader.element(); next.kind !== 'end array'; next = reader.element()) {
    if (next.kind !== 'string' && next.kind !== 'number') {
      throw reader.error(reason);
    }
    found.push(next);
  }
  return found;
}

function anythingButValues(reader: PatternReader, tokens: readonly Token[]): Test {
  const kinds = new Set(tokens.map(({ kind }) => kind));
  if (kinds.size !== 1) {
    throw reader.error('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  const refused = new Set<Scalar>(
    tokens.map(({ kind, text }) => (kind === 'number' ? comparableNumber(reader, text) : text)),
  );
  return (value) => !refused.has(value);
}

function anythingButForm(reader: PatternReader, token: Token, form: AnythingButForm): Test[] {
  const reason = anythingButReason(form);
  return listOf(reader, token, reason).map(({ kind, text }) => {
    if (kind !== 'string') {
      throw reader.error(reason);
    }
    return refusedText(reader, text, form);
  });
}

function refusedText(reader: PatternReader, text: string, form: AnythingButForm): Test {
  switch (form) {
    case 'equals-ignore-case':
      return foldedTest(text, (value, wanted) => value === wanted);
    case 'wildcard':
      return wildcardTest(reader, text);
    case 'prefix':
      return textTest(requireSome(reader, text), (value, wanted) => value.startsWith(wanted));
    case 'suffix':
      return textTest(requireSome(reader, text), (value, wanted) => value.endsWith(wanted));
  }
}

function requireSome(reader: PatternReader, text: string): string {
  if (text === '') {
    throw reader.error('Null prefix/suffix not allowed');
  }
  return text;
}

function anythingButReason(form: AnythingButForm): string {
  switch (form) {
    case 'equals-ignore-case':
      return 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
    case 'wildcard':
      return 'wildcard match pattern must be a string';
    default:
      return 'prefix/suffix match pattern must be a string';
  }
}
