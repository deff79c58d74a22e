import type { LocalWorld } from './core/localWorld';
import type { Caller } from './core/service';

interface Administrator {
  readonly accountId: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Furniture {
  readonly managementAccountId: string;
  readonly administrators: readonly Administrator[];
  readonly accessRoleName: string;
}

/** Starts the eager services and makes what an organization has from the start: administrators and access roles. */
export async function furnish(world: LocalWorld, furniture: Furniture): Promise<void> {
  await world.registry.startEager();
  const { managementAccountId, accessRoleName } = furniture;
  const root = (accountId: string): Caller => {
    const arn = `arn:${world.partition}:iam::${accountId}:root`;
    return { kind: 'root', accountId, arn, userId: accountId };
  };
  const call = (operation: string, accountId: string, input: object) =>
    world.call('iam', operation, input, { caller: root(accountId), region: 'us-east-1' });
  const addAccessRole = async (accountId: string) => {
    const trustedAccountId = world.organization.current?.managementAccountId ?? managementAccountId;
    const roleName = world.accounts.get(accountId)?.accessRoleName ?? accessRoleName;
    await call('AddAccessRole', accountId, { roleName, trustedAccountId });
  };
  world.organization.onAccountCreated((account) => addAccessRole(account.id));
  for (const { accountId, keys } of furniture.administrators) {
    const key = { id: keys.accessKeyId, secret: keys.secretAccessKey };
    await call('AddAdministrator', accountId, { userName: 'administrator', key });
    world.administrators.set(accountId, () => world.keys.find(key.id)?.caller());
  }
  for (const accountId of world.accounts.keys()) {
    if (world.managementAccountId !== undefined && accountId !== managementAccountId) {
      await addAccessRole(accountId);
    }
  }
  world.calls.clear();
}
