import type { Caller } from './service';
import type { SandboxAccount, World } from './world';

type Context = { readonly caller: Caller; readonly world: World };

/**
 * Whether the caller brings a key that this world does not know, which only `anyKeyAccount` lets in; or, in such a
 * world, none at all (STS has operations that nobody signs). Such callers are the suites of other projects: they make
 * trails with plain buckets, stack sets without roles, made-up ARNs.
 */
export function isStranger({ caller, world }: Context): boolean {
  if (caller.accessKeyId === undefined) {
    return caller.kind === 'anonymous' && world.anyKeyAccount !== undefined;
  }
  return world.keys.find(caller.accessKeyId) === undefined;
}

/** An account that a stranger names: made, when there is none. `undefined` unless it is active. */
export function strangersAccount(world: World, id: string): SandboxAccount | undefined {
  if (!world.accounts.has(id)) {
    const enabledRegions = new Set([...world.regions].filter(([, { optIn }]) => !optIn).map(([name]) => name));
    world.accounts.set(id, { id, email: `${id}@example.com`, name: id, status: 'ACTIVE', enabledRegions });
  }
  const account = world.accounts.get(id);
  return account?.status === 'ACTIVE' ? account : undefined;
}

/** What a check finds out; `instead` when it is a stranger who does not pass. Anybody else gets the check's error. */
export function unlessStranger<Found>(context: Context, check: () => Found, instead: Found): Found {
  try {
    return check();
  } catch (error) {
    if (!isStranger(context)) {
      throw error;
    }
    return instead;
  }
}
