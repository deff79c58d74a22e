import type { Scalar, Test } from './matchers';
import { comparableNumber } from './numeric';
import type { PatternReader, Token } from './reader';
import { closed, foldedTest, textTest, wildcardTest } from './textTests';

type AnythingButForm = 'equals-ignore-case' | 'prefix' | 'suffix' | 'wildcard';
const anythingButForms: ReadonlySet<string> = new Set(['equals-ignore-case', 'prefix', 'suffix', 'wildcard']);

/** Reads the value of `anything-but`, whose first token is `token`. */
export function parseAnythingBut(reader: PatternReader, token: Token): Test {
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
