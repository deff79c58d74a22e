import type { TokenReader } from './tokens';
import { compare, equal, type Item, invalid, members, sizeOf, type TypeName, typeOf, type Value } from './values';

export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'size'; readonly of: Operand };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: string; readonly operands: readonly Operand[] };

const arity: Record<string, number> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};
const comparators = ['=', '<>', '<', '<=', '>', '>='];

/** Parses a condition, filter or key condition. @throws ServiceError `ValidationException` */
export function parseCondition(reader: TokenReader): Condition {
  const condition = parseOr(reader);
  reader.expectEnd();
  return condition;
}

function parseOr(reader: TokenReader): Condition {
  let left = parseAnd(reader);
  while (reader.take('OR')) {
    left = { kind: 'or', left, right: parseAnd(reader) };
  }
  return left;
}

function parseAnd(reader: TokenReader): Condition {
  let left = parseNot(reader);
  while (reader.take('AND')) {
    left = { kind: 'and', left, right: parseNot(reader) };
  }
  return left;
}

function parseNot(reader: TokenReader): Condition {
  return reader.take('NOT') ? { kind: 'not', of: parseNot(reader) } : parseTerm(reader);
}

function parseTerm(reader: TokenReader): Condition {
  if (reader.take('(')) {
    const inner = parseOr(reader);
    reader.expect(')');
    return inner;
  }
  const name = reader.peek().text;
  if (Object.hasOwn(arity, name) && reader.takeFunction()) {
    return parseFunction(reader, name);
  }
  const left = parseOperand(reader);
  if (reader.take('BETWEEN')) {
    const low = parseOperand(reader);
    reader.expect('AND');
    return { kind: 'between', of: left, low, high: parseOperand(reader) };
  }
  if (reader.take('IN')) {
    return parseIn(reader, left);
  }
  const operator = reader.next();
  if (!comparators.includes(operator.text)) {
    throw reader.syntaxError(operator);
  }
  return { kind: 'compare', operator: operator.text, left, right: parseOperand(reader) };
}

function parseIn(reader: TokenReader, of: Operand): Condition {
  reader.expect('(');
  const choices = [parseOperand(reader)];
  while (reader.take(',')) {
    choices.push(parseOperand(reader));
  }
  reader.expect(')');
  return { kind: 'in', of, choices };
}

function parseFunction(reader: TokenReader, name: string): Condition {
  const operands = [parseOperand(reader)];
  while (reader.take(',')) {
    operands.push(parseOperand(reader));
  }
  reader.expect(')');
  if (operands.length !== arity[name]) {
    throw invalid(
      `Invalid ${reader.kind}: Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  return { kind: 'function', name, operands };
}

function parseOperand(reader: TokenReader): Operand {
  const token = reader.peek();
  if (token.kind === 'value') {
    reader.next();
    return { kind: 'value', value: reader.placeholders.value(token.text, reader.kind) };
  }
  if (token.text === 'size' && reader.takeFunction()) {
    const of = parseOperand(reader);
    reader.expect(')');
    return { kind: 'size', of };
  }
  const called = token.kind === 'name' ? reader.takeFunction() : undefined;
  if (called) {
    throw invalid(`Invalid ${reader.kind}: Invalid function name; function: ${called}`);
  }
  return { kind: 'path', path: reader.path() };
}

/** What stands at a path of an item. */
export function valueAt(item: Item, path: Path): Value | undefined {
  const [first, ...rest] = path;
  let value: Value | undefined = typeof first === 'string' ? own(item, first) : undefined;
  for (const step of rest) {
    value = typeof step === 'number' ? value?.L?.[step] : value?.M && own(value.M, step);
  }
  return value;
}

function own(item: Item, name: string): Value | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

function resolve(operand: Operand, item: Item): Value | undefined {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return valueAt(item, operand.path);
    case 'size': {
      const value = resolve(operand.of, item);
      const size = value && sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

function compares(operator: string, left: Value | undefined, right: Value | undefined): boolean {
  if (!left || !right) {
    return operator === '<>' && left !== right;
  }
  if (operator === '=' || operator === '<>') {
    return equal(left, right) === (operator === '=');
  }
  const order = compare(left, right);
  if (order === undefined) {
    return false;
  }
  return operator.startsWith('<')
    ? order < 0 || (operator === '<=' && order === 0)
    : order > 0 || (operator === '>=' && order === 0);
}

function contains(whole: Value, part: Value): boolean {
  if (whole.S !== undefined) {
    return part.S !== undefined && whole.S.includes(part.S);
  }
  if (whole.B !== undefined) {
    return part.B !== undefined && Buffer.from(whole.B).includes(Buffer.from(part.B));
  }
  return [...(whole.L ?? []), ...members(whole)].some((member) => equal(member, part));
}

function call(name: string, operands: readonly Operand[], item: Item): boolean {
  const [first, second] = operands.map((operand) => resolve(operand, item));
  switch (name) {
    case 'attribute_exists':
      return first !== undefined;
    case 'attribute_not_exists':
      return first === undefined;
    case 'attribute_type':
      return first !== undefined && typeOf(first) === (second?.S as TypeName | undefined);
    case 'begins_with':
      return first?.B && second?.B
        ? Buffer.from(first.B).subarray(0, second.B.length).equals(Buffer.from(second.B))
        : first?.S !== undefined && second?.S !== undefined && first.S.startsWith(second.S);
    default:
      return first !== undefined && second !== undefined && contains(first, second);
  }
}

/** Whether an item meets a condition. An item that is not there is an empty one. */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.of, item);
    case 'compare':
      return compares(condition.operator, resolve(condition.left, item), resolve(condition.right, item));
    case 'between': {
      const value = resolve(condition.of, item);
      return (
        compares('>=', value, resolve(condition.low, item)) && compares('<=', value, resolve(condition.high, item))
      );
    }
    case 'in': {
      const value = resolve(condition.of, item);
      return condition.choices.some((choice) => compares('=', value, resolve(choice, item)));
    }
    case 'function':
      return call(condition.name, condition.operands, item);
  }
}
