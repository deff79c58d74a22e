import type { LocalWorld } from './core/localWorld';
import type { Caller } from './core/service';

interface Administrator {
  readonly accountId: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Furniture {
  readonly management: Administrator;
  readonly security: Administrator;
  readonly accessRoleName: string;
}

/** Starts the eager services and makes what an organization has from the start: administrators and access roles. */
export async function furnish(world: LocalWorld, furniture: Furniture): Promise<void> {
  await world.registry.startEager();
  for (const { accountId, keys } of [furniture.management, furniture.security]) {
    const arn = `arn:${world.partition}:iam::${accountId}:root`;
    const caller: Caller = { kind: 'root', accountId, arn, userId: accountId, accessKeyId: keys.accessKeyId };
    world.keys.add({ ...keys, accountId, caller: () => caller });
  }
  world.calls.clear();
}
