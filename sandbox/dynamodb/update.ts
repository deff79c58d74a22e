import { type Path, valueAt } from './condition';
import { addNumbers } from './decimal';
import type { TokenReader } from './tokens';
import { equal, type Item, invalid, members, normal, typeOf, type Value } from './values';

type Term =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: Term }
  | { readonly kind: 'list_append'; readonly first: Term; readonly second: Term }
  | { readonly kind: 'sum'; readonly sign: 1 | -1; readonly left: Term; readonly right: Term };

export type Action =
  | { readonly kind: 'SET'; readonly path: Path; readonly term: Term }
  | { readonly kind: 'REMOVE'; readonly path: Path }
  | { readonly kind: 'ADD' | 'DELETE'; readonly path: Path; readonly value: Value };

/** Parses an update expression. @throws ServiceError `ValidationException` */
export function parseUpdate(reader: TokenReader): Action[] {
  const actions: Action[] = [];
  const seen = new Set<string>();
  while (reader.peek().kind !== 'end') {
    const token = reader.next();
    const clause = token.text.toUpperCase();
    if (!['SET', 'REMOVE', 'ADD', 'DELETE'].includes(clause)) {
      throw reader.syntaxError(token);
    }
    if (seen.has(clause)) {
      throw invalid(`Invalid UpdateExpression: The "${clause}" section can only be used once in an update expression;`);
    }
    seen.add(clause);
    do {
      actions.push(parseAction(reader, clause));
    } while (reader.take(','));
  }
  checkOverlap(actions);
  return actions;
}

function parseAction(reader: TokenReader, clause: string): Action {
  const path = reader.path();
  if (clause === 'REMOVE') {
    return { kind: 'REMOVE', path };
  }
  if (clause === 'SET') {
    reader.expect('=');
    return { kind: 'SET', path, term: parseSum(reader) };
  }
  const token = reader.next();
  if (token.kind !== 'value') {
    throw reader.syntaxError(token);
  }
  return { kind: clause as 'ADD' | 'DELETE', path, value: reader.placeholders.value(token.text, reader.kind) };
}

function parseSum(reader: TokenReader): Term {
  const left = parseOperand(reader);
  if (reader.take('+')) {
    return { kind: 'sum', sign: 1, left, right: parseOperand(reader) };
  }
  return reader.take('-') ? { kind: 'sum', sign: -1, left, right: parseOperand(reader) } : left;
}

function parseOperand(reader: TokenReader): Term {
  const token = reader.peek();
  if (token.kind === 'value') {
    reader.next();
    return { kind: 'value', value: reader.placeholders.value(token.text, reader.kind) };
  }
  if (reader.take('(')) {
    const inner = parseSum(reader);
    reader.expect(')');
    return inner;
  }
  const name = token.kind === 'name' ? reader.takeFunction() : undefined;
  if (name === undefined) {
    return { kind: 'path', path: reader.path() };
  }
  return parseCall(reader, name);
}

function parseCall(reader: TokenReader, name: string): Term {
  if (name !== 'if_not_exists' && name !== 'list_append') {
    throw invalid(`Invalid UpdateExpression: Invalid function name; function: ${name}`);
  }
  const first = parseOperand(reader);
  reader.expect(',');
  const second = parseOperand(reader);
  reader.expect(')');
  if (name === 'list_append') {
    return { kind: 'list_append', first, second };
  }
  if (first.kind !== 'path') {
    throw invalid(
      'Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists',
    );
  }
  return { kind: 'if_not_exists', path: first.path, otherwise: second };
}

function checkOverlap(actions: readonly Action[]): void {
  for (const [index, one] of actions.entries()) {
    for (const other of actions.slice(index + 1)) {
      const length = Math.min(one.path.length, other.path.length);
      if (one.path.slice(0, length).every((step, at) => step === other.path[at])) {
        const show = (path: Path) =>
          `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
        throw invalid(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${show(one.path)}, path two: ${show(other.path)}`,
        );
      }
    }
  }
}

function evaluate(term: Term, item: Item): Value {
  switch (term.kind) {
    case 'value':
      return normal(term.value);
    case 'path': {
      const value = valueAt(item, term.path);
      if (!value) {
        throw invalid('The provided expression refers to an attribute that does not exist in the item');
      }
      return value;
    }
    case 'if_not_exists':
      return valueAt(item, term.path) ?? evaluate(term.otherwise, item);
    case 'list_append': {
      const [first, second] = [evaluate(term.first, item), evaluate(term.second, item)];
      if (!first.L || !second.L) {
        throw invalid('An operand in the update expression has an incorrect data type');
      }
      return { L: [...first.L, ...second.L] };
    }
    case 'sum': {
      const [left, right] = [evaluate(term.left, item), evaluate(term.right, item)];
      if (left.N === undefined || right.N === undefined) {
        throw invalid('An operand in the update expression has an incorrect data type');
      }
      return { N: addNumbers(left.N, right.N, term.sign) };
    }
  }
}

function invalidPath(): Error {
  return invalid('The document path provided in the update expression is invalid for update');
}

/** Puts a value at a path, or takes it away. The containers on the way must be there. */
function place(item: Item, path: Path, value: Value | undefined): void {
  const [first, ...rest] = path;
  const last = rest.pop();
  if (last === undefined) {
    setMember(item, String(first), value);
    return;
  }
  const container = valueAt(item, [String(first), ...rest]);
  if (typeof last === 'string' && container?.M) {
    setMember(container.M, last, value);
  } else if (typeof last === 'number' && container?.L) {
    if (value === undefined) {
      container.L.splice(last, 1);
    } else if (last < container.L.length) {
      container.L[last] = value;
    } else {
      container.L.push(value);
    }
  } else if (value !== undefined || container !== undefined) {
    throw invalidPath();
  }
}

function setMember(map: Item, name: string, value: Value | undefined): void {
  if (value === undefined) {
    delete map[name];
  } else {
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  }
}

function add(before: Value | undefined, value: Value): Value {
  if (value.N !== undefined) {
    if (before && before.N === undefined) {
      throw invalid('An operand in the update expression has an incorrect data type');
    }
    return { N: addNumbers(before?.N ?? '0', value.N) };
  }
  const type = typeOf(value);
  if (!['SS', 'NS', 'BS'].includes(type) || (before && typeOf(before) !== type)) {
    throw invalid(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: ${type}, typeSet: ALLOWED_FOR_ADD_OPERAND`,
    );
  }
  const kept = before ? members(before) : [];
  return toSet(type, [...kept, ...members(value).filter((one) => !kept.some((other) => equal(one, other)))]);
}

function subtract(before: Value | undefined, value: Value): Value | undefined {
  const type = typeOf(value);
  if (!['SS', 'NS', 'BS'].includes(type)) {
    throw invalid(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: ${type}, typeSet: ALLOWED_FOR_DELETE_OPERAND`,
    );
  }
  if (before && typeOf(before) !== type) {
    throw invalid('An operand in the update expression has an incorrect data type');
  }
  const left = (before ? members(before) : []).filter((one) => !members(value).some((other) => equal(one, other)));
  return left.length > 0 ? toSet(type, left) : undefined;
}

function toSet(type: string, list: readonly Value[]): Value {
  const member = type[0] as 'S' | 'N' | 'B';
  return { [type]: list.map((one) => one[member]) };
}

/** What an action leaves at its path; `undefined` when nothing. */
function outcome(action: Action, before: Item): Value | undefined {
  switch (action.kind) {
    case 'SET':
      return structuredClone(evaluate(action.term, before));
    case 'ADD':
      return add(valueAt(before, action.path), normal(action.value));
    case 'DELETE':
      return subtract(valueAt(before, action.path), action.value);
    case 'REMOVE':
      return undefined;
  }
}

/** A copy of the item with the actions done to it; all of them see the item as it was. */
export function applyUpdate(actions: readonly Action[], before: Item): Item {
  const item = structuredClone(before);
  const changes = actions.map((action): [Path, Value | undefined] => [action.path, outcome(action, before)]);
  // Removals from lists go last, from the end, so that the places named stay what they were.
  const removals = changes.filter(([, value]) => value === undefined).sort(([a], [b]) => lastIndex(b) - lastIndex(a));
  for (const [path, value] of [...changes.filter(([, given]) => given !== undefined), ...removals]) {
    place(item, path, value);
  }
  return item;
}

function lastIndex(path: Path): number {
  const last = path.at(-1);
  return typeof last === 'number' ? last : -1;
}
