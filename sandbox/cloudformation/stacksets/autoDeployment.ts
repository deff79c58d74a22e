import type { Engine } from '../stacks/run';
import { launchOperation } from './launch';
import { cellKey, type StackInstance, type StackSet } from './model';
import type { StackSetStore } from './state';

/** Regions that auto-deployment wants for an account where it stands now, and the unit they come from. */
function wantedRegions(engine: Engine, set: StackSet, accountId: string): Map<string, string> {
  const organization = engine.world.organization.current;
  const path = organization?.path(accountId) ?? '';
  const wanted = new Map<string, string>();
  if (accountId === organization?.managementAccountId) {
    return wanted;
  }
  for (const [unit, regions] of set.autoTargets) {
    for (const region of path.includes(`/${unit}/`) ? regions : []) {
      wanted.set(region, unit);
    }
  }
  return wanted;
}

function createMissing(engine: Engine, set: StackSet, accountId: string, wanted: ReadonlyMap<string, string>): void {
  const cells: StackInstance[] = [];
  for (const [region, organizationalUnitId] of wanted) {
    const key = cellKey(accountId, region);
    if (!set.instances.has(key)) {
      const instance: StackInstance = {
        accountId,
        region,
        status: 'OUTDATED',
        detailedStatus: 'PENDING',
        overrides: new Map(),
        organizationalUnitId,
        driftStatus: 'NOT_CHECKED',
      };
      set.instances.set(key, instance);
      cells.push(instance);
    }
  }
  if (cells.length > 0) {
    const preferences = { RegionConcurrencyType: 'PARALLEL' } as const;
    launchOperation(engine, set, { action: 'CREATE', preferences, input: { auto: accountId } }, cells);
  }
}

function removeUnwanted(engine: Engine, set: StackSet, accountId: string, wanted: ReadonlyMap<string, string>): void {
  const cells = [...set.instances.values()].filter(
    (instance) =>
      instance.accountId === accountId &&
      instance.organizationalUnitId !== undefined &&
      set.autoTargets.has(instance.organizationalUnitId) &&
      !wanted.has(instance.region),
  );
  if (cells.length > 0) {
    const preferences = { RegionConcurrencyType: 'PARALLEL' } as const;
    const retainStacks = set.autoDeployment?.retainStacks ?? false;
    launchOperation(engine, set, { action: 'DELETE', preferences, retainStacks, input: { auto: accountId } }, cells);
  }
}

function isAutomatic(set: StackSet): boolean {
  return set.permissionModel === 'SERVICE_MANAGED' && set.autoDeployment?.enabled === true;
}

/**
 * Follows the accounts that have moved to another unit since the last call: those that stand where they stood keep
 * what they have, whatever an account filter left out.
 */
export function moveFollower(engine: Engine, store: StackSetStore): () => void {
  const organization = () => engine.world.organization.current;
  const pathsNow = () =>
    new Map((organization()?.accountIds() ?? []).map((id) => [id, organization()?.path(id)] as const));
  let known = pathsNow();
  return () => {
    const now = pathsNow();
    const moved = [...now].filter(([id, path]) => known.has(id) && known.get(id) !== path);
    known = now;
    for (const [accountId] of moved) {
      follow(engine, store, accountId);
    }
  };
}

/** Brings an account to what auto-deployment wants of it: after it joined, left or moved. */
export function follow(engine: Engine, store: StackSetStore, accountId: string): void {
  for (const set of store.all()) {
    if (isAutomatic(set)) {
      const wanted = wantedRegions(engine, set, accountId);
      createMissing(engine, set, accountId, wanted);
      removeUnwanted(engine, set, accountId, wanted);
    }
  }
}
