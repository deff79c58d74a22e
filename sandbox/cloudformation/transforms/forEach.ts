import { validationError } from '../errors';
import { evaluate, type Scope } from '../template/evaluate';
import { isMap, scalarText, type Value, type ValueMap } from '../template/model';

const loopKey = /^Fn::ForEach::([A-Za-z0-9]+)$/;

/** What stands for a loop's variable in its body. */
interface Binding {
  readonly name: string;
  readonly value: string;
}

function substituted(text: string, { name, value }: Binding): string {
  // `&{Name}` leaves out what no logical id may have.
  return text.replaceAll(`\${${name}}`, value).replaceAll(`&{${name}}`, value.replace(/[^A-Za-z0-9]/g, ''));
}

function bound(value: Value, binding: Binding): Value {
  if (typeof value === 'string') {
    return substituted(value, binding);
  }
  if (Array.isArray(value)) {
    return value.map((each) => bound(each, binding));
  }
  if (!isMap(value)) {
    return value;
  }
  if (value.Ref === binding.name && Object.keys(value).length === 1) {
    return binding.value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [substituted(key, binding), bound(each, binding)]),
  );
}

interface Loop {
  readonly name: string;
  readonly items: readonly string[];
  readonly body: ValueMap;
}

function itemsOf(collection: Value, scope: Scope, loop: string): string[] {
  const items = (Array.isArray(collection) ? collection : [collection]).flatMap((each) => {
    const value = evaluate(each, scope);
    return Array.isArray(value) ? value : [value];
  });
  return items.map((item) => {
    const text = scalarText(item);
    if (text === undefined) {
      throw validationError(`Template error: Fn::ForEach::${loop} collection must be a list of strings`);
    }
    return text;
  });
}

function loopOf(loop: string, value: Value, scope: Scope): Loop {
  const [name, collection, body] = Array.isArray(value) && value.length === 3 ? value : [];
  if (typeof name !== 'string' || collection === undefined || !isMap(body)) {
    throw validationError(
      `Template error: Fn::ForEach::${loop} layout is incorrect: it takes an identifier, a collection and an output`,
    );
  }
  return { name, items: itemsOf(collection, scope, loop), body };
}

function unroll(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) {
    return value.map((each) => unroll(each, scope));
  }
  if (!isMap(value)) {
    return value;
  }
  const result: ValueMap = {};
  for (const [key, each] of Object.entries(value)) {
    const label = loopKey.exec(key)?.[1];
    const made = label === undefined ? { [key]: unroll(each, scope) } : repeated(loopOf(label, each, scope), scope);
    for (const [madeKey, madeValue] of Object.entries(made)) {
      if (Object.hasOwn(result, madeKey)) {
        throw validationError(`Template format error: Duplicate key ${madeKey} found in Fn::ForEach`);
      }
      result[madeKey] = madeValue;
    }
  }
  return result;
}

function repeated({ name, items, body }: Loop, scope: Scope): ValueMap {
  const result: ValueMap = {};
  for (const value of items) {
    const parameters = new Map(scope.parameters).set(name, value);
    Object.assign(result, unroll(bound(body, { name, value }), { ...scope, parameters }));
  }
  return result;
}

/**
 * Unrolls `Fn::ForEach` in conditions, resources and outputs, inner loops with their outer ones.
 *
 * @throws ServiceError `ValidationError`
 */
export function expandLoops(root: ValueMap, scope: Scope): ValueMap {
  return withParts(root, (part) => unroll(part, scope));
}

/** The template with its conditions, resources and outputs made anew. */
export function withParts(root: ValueMap, change: (part: Value) => Value): ValueMap {
  const result: ValueMap = { ...root };
  for (const name of ['Conditions', 'Resources', 'Outputs']) {
    const part = root[name];
    if (part !== undefined) {
      result[name] = change(part);
    }
  }
  return result;
}
