import type { Cell } from '../../organization/accounts';
import { remedyFor } from '../remedies';
import { CellMap } from './cellMap';
import { digestOf } from './marks';
import type {
  CellPlan,
  DesiredInstances,
  ObservedInstance,
  ObservedStackSet,
  OperationPlan,
  StackSetPlan,
} from './types';

/** Compares a stack set's instances as they are to be with those that stand: pure. */
export function planInstances(desired: DesiredInstances, observed: ObservedStackSet): StackSetPlan {
  if (isAsItIs(desired, observed)) {
    const { stackSet, exists, running } = observed;
    const cells = desired.cells.map(({ accountId, region }) => ({ accountId, region, action: 'none' }) as const);
    return { stackSet, exists, operations: [], cells, running };
  }
  const context = contextOf(desired, observed);
  const wanted = desired.cells.map((cell) => planWanted(cell, context));
  const unwanted = observed.instances
    .filter((instance) => !context.wanted.has(instance) && (desired.only?.has(instance.accountId) ?? true))
    .map(planUnwanted);
  const cells = unwanted.length === 0 ? wanted : [...wanted, ...unwanted];
  const operations = operationsFor(cells, desired);
  return {
    stackSet: desired.stackSet,
    exists: observed.exists,
    operations,
    cells,
    running: observed.running,
    ...(operations.length > 0 && { mark: { digest: digestAfter(cells, observed), after: observed.lastOperation } }),
  };
}

/** Nothing to compare cell by cell: that would hold thousands of them in memory several times over. */
function isAsItIs({ cells, only, blocked = [], adopted = [] }: DesiredInstances, observed: ObservedStackSet): boolean {
  const isWhole = only === undefined && blocked.length === 0 && adopted.length === 0;
  const isSame = observed.proven === true && observed.overrides === undefined;
  return isSame && isWhole && cells.length === observed.instances.length;
}

/** Of all instances that stand once the cells are as planned; nothing where one that is not touched is not in order. */
function digestAfter(cells: readonly CellPlan[], { instances }: ObservedStackSet): string | undefined {
  const planned = CellMap.by(cells);
  const untouched = instances.filter((instance) => !planned.has(instance));
  if (!untouched.every((instance) => instance.status === 'CURRENT' && !isUnsuccessful(instance))) {
    return undefined;
  }
  const standing = cells.filter(({ action }) => action === 'none' || action === 'create' || action === 'update');
  return digestOf([...untouched, ...standing]);
}

/** A cell's name: `accountId/region`. */
export function keyOf({ accountId, region }: Cell): string {
  return `${accountId}/${region}`;
}

interface Context {
  readonly wanted: CellMap<true>;
  readonly standing: CellMap<ObservedInstance>;
  readonly blocked: CellMap<{ readonly reason: string; readonly remedy: string }>;
  readonly adopted: CellMap<true>;
  readonly overrideDiffers: (cell: Cell) => boolean;
}

function contextOf(desired: DesiredInstances, observed: ObservedStackSet): Context {
  return {
    wanted: CellMap.of(desired.cells),
    standing: CellMap.by(observed.instances),
    blocked: CellMap.by(desired.blocked ?? []),
    adopted: CellMap.of(desired.adopted ?? []),
    overrideDiffers: (cell) =>
      observed.overrides !== undefined &&
      !sameRecord(desired.overrides?.[cell.accountId] ?? {}, observed.overrides[keyOf(cell)] ?? {}),
  };
}

function planWanted(cell: Cell, context: Context): CellPlan {
  const { accountId, region } = cell;
  const blocked = context.blocked.get(cell);
  if (blocked) {
    return { accountId, region, action: 'blocked', reason: blocked.reason, remedy: blocked.remedy };
  }
  const instance = context.standing.get(cell);
  if (!instance) {
    return { accountId, region, action: context.adopted.has(cell) ? 'adopted' : 'create' };
  }
  return planStanding(instance, context);
}

function planStanding(instance: ObservedInstance, context: Context): CellPlan {
  const { accountId, region } = instance;
  const made = madeBy(instance);
  if (made && context.adopted.has(instance)) {
    const reason = 'It never got its resource: what it would create is there by other means.';
    return { accountId, region, action: 'delete', reason };
  }
  // A deletion failed half-way. StackSets leave such an instance out of updates: what is left has to go first.
  if (instance.status === 'INOPERABLE') {
    const reason = instance.reason ?? 'A deletion failed and left the stack instance inoperable.';
    return { accountId, region, action: 'create', afterDeletion: true, reason, remedy: remedyFor(reason) };
  }
  if (instance.status === 'OUTDATED' || isUnsuccessful(instance)) {
    const reason = instance.reason ?? 'It does not have the current template and parameters.';
    return { accountId, region, action: 'update', reason, remedy: remedyFor(reason), ...(made ? { made } : {}) };
  }
  if (context.overrideDiffers(instance)) {
    return { accountId, region, action: 'update', reason: 'Its parameters differ.' };
  }
  return { accountId, region, action: 'none' };
}

/**
 * What an instance that failed has made. Without a stack, or where the resource was there before, nothing: it can go
 * without harm. A stack that failed otherwise may be one that could not be created or one that could not be updated.
 */
function madeBy(instance: ObservedInstance): CellPlan['made'] {
  const { status, stackId, reason } = instance;
  if (status !== 'OUTDATED') {
    return undefined;
  }
  if (stackId === undefined || /already exists/i.test(reason ?? '')) {
    return 'nothing';
  }
  return isUnsuccessful(instance) ? 'unknown' : undefined;
}

function isUnsuccessful({ detailedStatus }: ObservedInstance): boolean {
  return detailedStatus === 'FAILED' || detailedStatus === 'CANCELLED';
}

function planUnwanted({ accountId, region }: ObservedInstance): CellPlan {
  return { accountId, region, action: 'delete' };
}

/** In the order in which they have to go. */
function operationsFor(cells: readonly CellPlan[], desired: DesiredInstances): OperationPlan[] {
  const having = (action: CellPlan['action']) => cells.filter((cell) => cell.action === action);
  const overrides = (accountId: string) => desired.overrides?.[accountId];
  return [
    ...operations('delete', having('delete'), () => undefined, desired.removal === 'retain'),
    // What is deleted only to be created anew must not stay behind: its names are taken.
    ...operations(
      'delete',
      cells.filter((cell) => cell.afterDeletion),
      () => undefined,
      false,
    ),
    ...operations('update', having('update'), overrides),
    ...operations('create', having('create'), overrides),
  ];
}

/** As few calls as possible: a call covers every region of a list in every account of a list. */
function operations(
  kind: OperationPlan['kind'],
  cells: readonly CellPlan[],
  overridesOf: (accountId: string) => Readonly<Record<string, string>> | undefined,
  retainStacks?: boolean,
): OperationPlan[] {
  const regionsByAccount = new Map<string, string[]>();
  for (const { accountId, region } of cells) {
    regionsByAccount.set(accountId, [...(regionsByAccount.get(accountId) ?? []), region]);
  }
  const groups = new Map<string, OperationPlan>();
  for (const [accountId, unsorted] of regionsByAccount) {
    const regions = [...unsorted].sort();
    const overrides = overridesOf(accountId);
    const key = JSON.stringify([regions, overrides]);
    groups.set(key, {
      kind,
      accountIds: [...(groups.get(key)?.accountIds ?? []), accountId],
      regions,
      ...(overrides && { parameterOverrides: overrides }),
      ...(retainStacks !== undefined && { retainStacks }),
    });
  }
  return [...groups.values()];
}

function sameRecord(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
