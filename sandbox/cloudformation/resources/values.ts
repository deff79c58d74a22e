import { isDeepStrictEqual } from 'node:util';
import { isMap, type Value, type ValueMap } from '../template/model';

/** A text property; `undefined` when it is not set. */
export function text(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** A policy or pattern, which templates write as JSON or as an object. */
export function document(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
}

export function list(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}

export function texts(value: Value | undefined): string[] {
  return list(value).map(String);
}

export function maps(value: Value | undefined): ValueMap[] {
  return list(value).filter(isMap);
}

export function map(value: Value | undefined): ValueMap {
  return isMap(value) ? value : {};
}

/** The properties with these names, as far as they are set. */
export function pick(properties: ValueMap, names: readonly string[]): ValueMap {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
}

export function differs(before: ValueMap, after: ValueMap, names: readonly string[]): boolean {
  return names.some((name) => !isDeepStrictEqual(before[name], after[name]));
}

function lowerFirst(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

/** Property names as services with lower-case members want them. */
export function camel(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map(camel);
  }
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [lowerFirst(key), camel(each)]))
    : value;
}

/** Tags as a map, as many newer services take them. */
export function tagMap(tags: readonly { Key: string; Value: string }[]): Record<string, string> | undefined {
  return tags.length === 0 ? undefined : Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));
}

/** An empty list is left out: services need permissions for tags only where there are some. */
export function tagsOrNone<T>(tags: readonly T[]): readonly T[] | undefined {
  return tags.length === 0 ? undefined : tags;
}

/** Runs the later steps of a creation and takes the first one back when they fail. */
export async function orUndo<T>(work: () => Promise<T>, undo: () => Promise<unknown>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // The first failure is the one to report.
    await undo().catch(() => {});
    throw error;
  }
}

/** What a new list has that the old one has not. */
export function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((each) => !before.includes(each));
}

export function isSet(value: Value | undefined): value is Value {
  return value !== undefined && value !== null;
}
