import { InvalidFilterPatternError } from './errors';

/** What a field is compared with. */
export type Operand =
  | { readonly kind: 'text'; readonly text: string; readonly test: (value: string) => boolean }
  | { readonly kind: 'number'; readonly number: number; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: RegExp };

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=';

const numeric = /^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** An operand as it stands in a pattern. A bare number is a number; in quotes it is text. */
export function parseOperand(token: {
  readonly kind: 'word' | 'quoted' | 'expression';
  readonly text: string;
}): Operand {
  if (token.kind === 'expression') {
    return { kind: 'expression', expression: parseExpression(token.text) };
  }
  if (token.kind === 'word' && numeric.test(token.text)) {
    return { kind: 'number', number: Number(token.text), text: token.text };
  }
  return { kind: 'text', text: token.text, test: textTest(token.text) };
}

/** Equality of text, where `*` stands for any characters. */
function textTest(text: string): (value: string) => boolean {
  if (!text.includes('*')) {
    return (value) => value === text;
  }
  const expression = new RegExp(`^${text.split(/\*+/).map(literally).join('[^]*')}$`);
  return (value) => expression.test(value);
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** CloudWatch Logs has a small language of expressions: no groups, few symbols, ASCII only. */
function parseExpression(text: string): RegExp {
  if (/[()]/.test(text)) {
    throw new InvalidFilterPatternError(`parentheses are not supported in a regular expression: %${text}%`);
  }
  const unsupported = /[^A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+. ]/.exec(text);
  if (unsupported) {
    throw new InvalidFilterPatternError(`the character ${unsupported[0]} is not supported in a regular expression`);
  }
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidFilterPatternError(`not a regular expression: %${text}%`);
  }
}

/** Whether a scalar of an event stands in the relation to the operand. Nothing equals null. */
export function compare(value: unknown, operator: Operator, operand: Operand): boolean {
  switch (operator) {
    case '=':
      return equals(value, operand);
    case '!=':
      // A field that is not there differs from every value: the CIS filters rely on it.
      return !equals(value, operand);
    default:
      return typeof value === 'number' && operand.kind === 'number' && ordered(value, operator, operand.number);
  }
}

function equals(value: unknown, operand: Operand): boolean {
  switch (operand.kind) {
    case 'number':
      return value === operand.number || value === operand.text;
    case 'text':
      return typeof value === 'string' && operand.test(value);
    case 'expression':
      return typeof value === 'string' && operand.expression.test(value);
  }
}

function ordered(value: number, operator: '<' | '>' | '<=' | '>=', bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound;
    case '>':
      return value > bound;
    case '<=':
      return value <= bound;
    case '>=':
      return value >= bound;
  }
}
