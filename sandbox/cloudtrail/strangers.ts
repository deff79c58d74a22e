import type { CallContext } from '../core/service';

/**
 * Whether the caller brings a key that this world does not know, which only `anyKeyAccount` lets in. Such callers are
 * the suites of other projects: they make trails with plain buckets, made-up ARNs and no trusted access.
 */
export function isStranger({ caller, world }: CallContext): boolean {
  return caller.accessKeyId !== undefined && world.keys.find(caller.accessKeyId) === undefined;
}
