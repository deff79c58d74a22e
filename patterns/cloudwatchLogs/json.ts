import { InvalidFilterPatternError } from './errors';
import { type Token, tokens } from './lexer';
import { compare, type Operator, parseOperand } from './values';

/** Whether an event, a parsed JSON value, satisfies a condition. */
export type JsonTest = (event: unknown) => boolean;

const maximumExpressions = 2;
const maximumWildcards = 3;

/** Compiles the inside of a JSON filter pattern: `$.a = "x" && ($.b NOT EXISTS || $.c > 4)`. `&&` binds tighter than `||`. */
export function parseJsonPattern(source: string): JsonTest {
  const all = tokens(source);
  if (all.filter(({ kind }) => kind === 'expression').length > maximumExpressions) {
    throw new InvalidFilterPatternError(`more than ${maximumExpressions} regular expressions`);
  }
  checkWildcards(all);
  const parser = new JsonPatternParser(all);
  return parser.whole();
}

/** What the pattern's selectors find in an event: of each the first value, as text. */
export function selectedBy(source: string, event: unknown): Record<string, string> {
  const texts = tokens(source).flatMap(({ kind, text }) => (kind === 'selector' ? [text] : []));
  return Object.fromEntries(
    texts.flatMap((text) => {
      const [value] = selector(text)(event);
      return value === undefined ? [] : [[text, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}

/** Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters". */
function checkWildcards(all: readonly Token[]): void {
  const wildcards = all.map(({ kind, text }) => (kind === 'selector' ? text.split('[*]').length - 1 : 0));
  if (wildcards.some((count) => count > 1)) {
    throw new InvalidFilterPatternError('more than one wildcard in a selector');
  }
  if (wildcards.reduce((sum, count) => sum + count, 0) > maximumWildcards) {
    throw new InvalidFilterPatternError(`more than ${maximumWildcards} wildcards in selectors`);
  }
}

class JsonPatternParser {
  private position = 0;

  constructor(private readonly all: readonly Token[]) {}

  whole(): JsonTest {
    const test = this.or();
    const rest = this.all[this.position];
    if (rest) {
      throw new InvalidFilterPatternError(`unexpected ${rest.text}`);
    }
    return test;
  }

  private or(): JsonTest {
    const members = [this.and()];
    while (this.take('or')) {
      members.push(this.and());
    }
    return members.length === 1 ? (members[0] as JsonTest) : (event) => members.some((member) => member(event));
  }

  private and(): JsonTest {
    const members = [this.primary()];
    while (this.take('and')) {
      members.push(this.primary());
    }
    return members.length === 1 ? (members[0] as JsonTest) : (event) => members.every((member) => member(event));
  }

  private primary(): JsonTest {
    if (this.take('open')) {
      const test = this.or();
      this.need('close', 'a closing parenthesis');
      return test;
    }
    const select = selector(this.need('selector', 'a selector such as $.eventName').text);
    const next = this.all[this.position];
    this.position += 1;
    if (next?.kind === 'operator') {
      return this.comparison(select, next.text as Operator);
    }
    return keyword(select, next, () => this.need('word', 'EXISTS, NULL, TRUE or FALSE').text);
  }

  private comparison(select: Select, operator: Operator): JsonTest {
    const token = this.all[this.position];
    this.position += 1;
    if (token?.kind !== 'word' && token?.kind !== 'quoted' && token?.kind !== 'expression') {
      throw new InvalidFilterPatternError(`a value is missing after ${operator}`);
    }
    const operand = parseOperand({ kind: token.kind, text: token.text });
    if (operator !== '=' && operator !== '!=' && operand.kind !== 'number') {
      throw new InvalidFilterPatternError(`${operator} compares numbers only, not ${token.text}`);
    }
    return operator === '!='
      ? (event) => select(event).every((value) => compare(value, operator, operand))
      : (event) => select(event).some((value) => compare(value, operator, operand));
  }

  private take(kind: Token['kind']): boolean {
    const found = this.all[this.position]?.kind === kind;
    this.position += found ? 1 : 0;
    return found;
  }

  private need(kind: Token['kind'], what: string): Token {
    const token = this.all[this.position];
    this.position += 1;
    if (token?.kind !== kind) {
      throw new InvalidFilterPatternError(`${what} is missing${token ? ` before ${token.text}` : ' at the end'}`);
    }
    return token;
  }
}

function keyword(select: Select, first: Token | undefined, second: () => string): JsonTest {
  const word = first?.kind === 'word' ? first.text.toUpperCase() : '';
  if (word === 'NOT' && second().toUpperCase() === 'EXISTS') {
    return (event) => select(event).length === 0;
  }
  if (word === 'IS') {
    const value = { NULL: null, TRUE: true, FALSE: false }[second().toUpperCase()];
    if (value !== undefined) {
      return (event) => select(event).some((found) => found === value);
    }
  }
  throw new InvalidFilterPatternError(
    'a comparison, IS NULL, IS TRUE, IS FALSE or NOT EXISTS is missing after a selector',
  );
}

/** The values at a place of an event: none, one, or as many as `[*]` finds. */
type Select = (event: unknown) => readonly unknown[];

function selector(text: string): Select {
  const steps = [...text.matchAll(/\.([\w-]+)|\[\s*(?:(\d+)|(\*)|'([^']*)'|"([^"]*)")\s*\]/g)].map(
    ([, name, index, all, single, double]) =>
      all ? '*' : index !== undefined ? Number(index) : { name: (name ?? single ?? double) as string },
  );
  return (event) =>
    steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => follow(value, step)), [event]);
}

function follow(value: unknown, step: '*' | number | { readonly name: string }): unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (step === '*') {
    return Array.isArray(value) ? value : [];
  }
  if (typeof step === 'number') {
    return Array.isArray(value) && step < value.length ? [value[step]] : [];
  }
  return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}
