import type { Caller } from './service';
import type { World } from './world';

/**
 * Whether the caller brings a key that this world does not know, which only `anyKeyAccount` lets in. Such callers are
 * the suites of other projects: they make trails with plain buckets, stack sets without roles, made-up ARNs.
 */
export function isStranger({ caller, world }: { readonly caller: Caller; readonly world: World }): boolean {
  return caller.accessKeyId !== undefined && world.keys.find(caller.accessKeyId) === undefined;
}
