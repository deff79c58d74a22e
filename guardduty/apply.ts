import type { Cell } from '../organization/accounts';
import { forEach } from '../organization/cells';
import { GarrisonError, type Place } from '../organization/errors';
import type { Host } from '../organization/messages';
import { acceptInvitation, enableDetector, setFrequency } from './detectorCalls';
import { createMembers, deleteMembers, inviteMembers, startMonitoring, type Unprocessed } from './memberCalls';
import type { GuardSessions } from './observe';
import { cellKey } from './observed';
import type { Change, GuardPlan } from './plan';

/** What became of the cells that a plan touched. */
export interface ApplyOutcome {
  readonly done: readonly Cell[];
  readonly failed: readonly (Cell & { readonly error: GarrisonError })[];
}

type MemberChange = Extract<Change, { accountId: string }>;

interface Run {
  readonly plan: GuardPlan;
  readonly sessions: GuardSessions;
  readonly concurrency: number;
  readonly host: Host;
  readonly failures: Map<string, Cell & { readonly error: GarrisonError }>;
}

/**
 * Carries a plan out: the administrator's side of every region at once, then what the members do themselves. A cell that
 * fails stops none of the others; what depended on it is not tried.
 */
export async function apply(
  plan: GuardPlan,
  sessions: GuardSessions,
  options: { readonly concurrency: number; readonly host: Host },
): Promise<ApplyOutcome> {
  const run: Run = { plan, sessions, ...options, failures: new Map() };
  const regions = [...new Set(plan.changes.map((change) => change.region))].map((region) => ({
    accountId: plan.administratorId,
    region,
  }));
  await forEach(regions, options.concurrency, ({ region }) => administratorSide(region, run));
  await memberSide(run);
  return {
    done: touched(plan).filter((cell) => !run.failures.has(cellKey(cell.accountId, cell.region))),
    failed: [...run.failures.values()],
  };
}

/** In order: settings, then members are deleted, created and invited, each batch before the next step. */
async function administratorSide(region: string, run: Run): Promise<void> {
  for (const change of run.plan.changes) {
    if (change.region === region && isAdministrators(change, run)) {
      await tryOnAll(cellsOf(change), run, () => administratorChange(change, run));
    }
  }
}

function isAdministrators(change: Change, run: Run): boolean {
  return !('accountId' in change) || change.accountId === run.plan.administratorId;
}

async function administratorChange(change: Change, run: Run): Promise<readonly Unprocessed[]> {
  const session = run.sessions.administrator;
  switch (change.kind) {
    case 'enable-detector':
      await enableDetector(session, change);
      return [];
    case 'set-frequency':
      await setFrequency(session, change);
      return [];
    case 'delete-members':
      return deleteMembers(session, change);
    case 'create-members':
      return createMembers(session, change);
    case 'invite-members':
      return inviteMembers(session, change);
    case 'start-monitoring':
      return startMonitoring(session, change);
    case 'accept-invitation':
      return [];
  }
}

async function memberSide(run: Run): Promise<void> {
  const byCell = new Map<string, MemberChange[]>();
  for (const change of run.plan.changes) {
    if (!isAdministrators(change, run) && 'accountId' in change) {
      const key = cellKey(change.accountId, change.region);
      byCell.set(key, [...(byCell.get(key) ?? []), change]);
    }
  }
  let finished = 0;
  const cells = [...byCell.values()].map((changes) => ({ changes }));
  await forEach<{ changes: MemberChange[] } & Place, void>(cells, run.concurrency, async ({ changes }) => {
    for (const change of changes) {
      await tryOnAll(cellsOf(change), run, () => memberChange(change, run));
    }
    finished += 1;
    run.host.emit({
      code: 'guardduty.apply.progress',
      level: 'info',
      text: `${finished} of ${byCell.size} members`,
      data: { done: finished, total: byCell.size },
    });
  });
}

async function memberChange(change: MemberChange, run: Run): Promise<readonly Unprocessed[]> {
  const session = run.sessions.member(change.accountId);
  if (change.kind === 'enable-detector') {
    await enableDetector(session, change);
  } else if (change.kind === 'accept-invitation') {
    await acceptInvitation(session, change, run.plan.administratorId);
  }
  return [];
}

/** Runs one change unless an earlier one failed in all its cells; keeps the first failure of every cell. */
async function tryOnAll(cells: readonly Cell[], run: Run, work: () => Promise<readonly Unprocessed[]>): Promise<void> {
  const open = cells.filter((cell) => !run.failures.has(cellKey(cell.accountId, cell.region)));
  if (open.length === 0) {
    return;
  }
  const [outcome] = await forEach([{}], 1, work);
  if (outcome?.status === 'failed') {
    for (const cell of open) {
      fail(cell, outcome.error, run);
    }
    return;
  }
  for (const { accountId, error } of outcome?.result ?? []) {
    const cell = open.find((candidate) => candidate.accountId === accountId);
    if (cell) {
      fail(cell, error, run);
    }
  }
}

function fail(cell: Cell, error: GarrisonError, run: Run): void {
  const { accountId, region } = cell;
  const placed = new GarrisonError(
    error.code,
    error.message,
    error.remedy,
    { ...error.place, accountId, region },
    { cause: error },
  );
  run.failures.set(cellKey(accountId, region), { accountId, region, error: placed });
}

function cellsOf(change: Change): Cell[] {
  const { region } = change;
  return 'accountIds' in change
    ? change.accountIds.map((accountId) => ({ accountId, region }))
    : [{ accountId: change.accountId, region }];
}

function touched(plan: GuardPlan): Cell[] {
  const cells = plan.changes.flatMap(cellsOf);
  return [...new Map(cells.map((cell) => [cellKey(cell.accountId, cell.region), cell])).values()];
}
