import { isDeepStrictEqual } from 'node:util';
import type { ResourceProvider } from '../resources/provider';
import { needsReplacement, typeSchema } from '../resources/schema';
import type { ValueMap } from '../template/model';

/** One property that differs. */
export interface PropertyChange {
  readonly name: string;
  readonly replacement: boolean;
}

/** Properties whose values differ between two states of a resource. */
export function changedProperties(type: string, before: ValueMap, after: ValueMap): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({ name, replacement: needsReplacement(type, name) }));
}

/** Whether a change makes a new physical resource. */
export function replaces(type: string, provider: ResourceProvider, before: ValueMap, after: ValueMap): boolean {
  const changes = changedProperties(type, before, after);
  return (
    changes.some((change) => change.replacement) ||
    (changes.length > 0 && (provider.replaces?.(before, after) ?? provider.update === undefined))
  );
}

/** Whether tags of the stack reach the type. */
export function isTaggable(type: string): boolean {
  return typeSchema(type)?.properties.Tags !== undefined;
}
