import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { Cell } from '../organization/accounts';
import { forEach } from '../organization/cells';
import { GarrisonError, type Place } from '../organization/errors';
import type { Host } from '../organization/messages';
import { administratorChange } from './administratorCalls';
import { type Change, type ChangeOf, cellsOf, isSetting, limitedTo } from './change';
import { acceptInvitation, enableDetector } from './detectorCalls';
import { startMonitoring, type Unprocessed } from './memberCalls';
import { emailFailed } from './memberPlan';
import type { GuardSessions } from './observe';
import { cellKey } from './observed';
import type { GuardPlan } from './plan';
import { readMembers } from './read';
import { changeSetting, type Uploads } from './settingsCalls';

/** What became of the cells that a plan touched. */
export interface ApplyOutcome {
  readonly done: readonly Cell[];
  readonly failed: readonly (Cell & { readonly error: GarrisonError })[];
}

type MemberChange = ChangeOf<'enable-detector' | 'accept-invitation'>;

interface Run {
  readonly plan: GuardPlan;
  readonly sessions: GuardSessions;
  readonly concurrency: number;
  readonly host: Host;
  readonly failures: Map<string, Cell & { readonly error: GarrisonError }>;
  readonly uploads: Uploads;
}

/**
 * Carries a plan out: the administrator's side of every region at once, then what the members do themselves, then what
 * the administrator can do only with members that have joined. A cell that fails stops none of the others; what depended
 * on it is not tried.
 */
export async function apply(
  plan: GuardPlan,
  sessions: GuardSessions,
  options: { readonly concurrency: number; readonly host: Host },
): Promise<ApplyOutcome> {
  const run: Run = { plan, sessions, ...options, failures: new Map(), uploads: new Map() };
  const regions = [...new Set(plan.changes.map((change) => change.region))].map((region) => ({ region }));
  const inRegions = (work: (region: string) => Promise<void>) =>
    forEach<Place & { region: string }, void>(regions, options.concurrency, ({ region }) => work(region));
  await inRegions((region) => administratorSide(region, run));
  await memberSide(run);
  await inRegions((region) => afterJoining(region, run));
  return {
    done: touched(plan).filter((cell) => !run.failures.has(cellKey(cell.accountId, cell.region))),
    failed: [...run.failures.values()],
  };
}

/** In the plan's order: settings, then members are deleted, created and invited, each batch before the next step. */
async function administratorSide(region: string, run: Run): Promise<void> {
  for (const change of run.plan.changes) {
    if (
      change.region === region &&
      !isMembers(change, run) &&
      change.kind !== 'set-member-plans' &&
      !isSetting(change)
    ) {
      await tryOnOpen(change, run, (limited) => administratorChange(limited, run.sessions));
      if (change.kind === 'delegate-administrator') {
        failDependents(change, run);
      }
    }
  }
  await awaitVerification(region, run);
}

/** Without the delegation nobody joins through the organization: created all the same, accounts would wait for nothing. */
function failDependents({ accountId, region }: ChangeOf<'delegate-administrator'>, run: Run): void {
  const failure = run.failures.get(cellKey(accountId, region));
  if (!failure) {
    return;
  }
  const own = run.plan.changes.filter((change) => change.region === region);
  const invited = new Set(
    own
      .filter(({ kind }) => kind === 'invite-members')
      .flatMap((change) => cellsOf(change).map(({ accountId: id }) => id)),
  );
  for (const cell of own.filter(({ kind }) => kind === 'create-members').flatMap(cellsOf)) {
    if (!invited.has(cell.accountId) && !hasFailed(cell, run)) {
      fail(cell, failure.error, run);
    }
  }
}

/** Waits between looks at what became of invitations, in milliseconds: 12 seconds in all, then the members look themselves. */
const looks = [100, 200, 400, 800, 1_600, 3_200, 6_400];

/** GuardDuty verifies e-mails before invitations arrive: the administrator is asked for all, rather than every member. */
async function awaitVerification(region: string, run: Run): Promise<void> {
  const own = run.plan.changes.filter((change) => change.region === region);
  const invited = own.filter((change) => change.kind === 'invite-members');
  const detectorId = invited[0]?.detectorId;
  let waiting = invited.flatMap(cellsOf).filter((cell) => !hasFailed(cell, run));
  for (let index = 0; detectorId && waiting.length > 0 && index < looks.length; index++) {
    await new Promise((resolve) => setTimeout(resolve, looks[index]));
    const members = await readMembers(run.sessions.administrator.client(GuardDutyClient, region), detectorId);
    for (const cell of waiting) {
      const { status, email = '' } = members.get(cell.accountId) ?? {};
      if (status === 'EmailVerificationFailed') {
        const { code, reason, remedy } = emailFailed({ email });
        fail(cell, new GarrisonError(code, reason, remedy, { operation: 'guardduty:InviteMembers' }), run);
      }
    }
    waiting = waiting.filter(({ accountId }) => members.get(accountId)?.status === 'EmailVerificationInProgress');
  }
}

/** Members that had switched their detector off join as disabled; plans can be set once they have joined. */
async function afterJoining(region: string, run: Run): Promise<void> {
  const joined = run.plan.changes
    .filter((change) => change.kind === 'accept-invitation')
    .filter((change) => change.region === region && !change.fresh && !hasFailed(change, run));
  const detectorId = joined.find((change) => change.administratorDetectorId)?.administratorDetectorId;
  if (detectorId) {
    await resume(region, detectorId, joined, run);
  }
  for (const change of run.plan.changes) {
    if (change.region === region && change.kind === 'set-member-plans') {
      await tryOnOpen(change, run, (limited) => administratorChange(limited, run.sessions));
    }
  }
  await settings(region, run);
}

/** One that fails stops none of the others: they do not depend on each other. */
async function settings(region: string, run: Run): Promise<void> {
  for (const change of run.plan.changes) {
    if (change.region === region && isSetting(change)) {
      const [outcome] = await forEach([change], 1, () =>
        changeSetting(run.sessions.administrator, change, run.uploads),
      );
      if (outcome?.status === 'failed' && !hasFailed(change, run)) {
        fail(change, outcome.error, run);
      }
    }
  }
}

async function resume(region: string, detectorId: string, joined: readonly Cell[], run: Run): Promise<void> {
  const { administrator } = run.sessions;
  const [look] = await forEach([{ region }], 1, () =>
    readMembers(administrator.client(GuardDutyClient, region), detectorId),
  );
  const members = look?.status === 'done' ? look.result : new Map();
  const accountIds = joined
    .map(({ accountId }) => accountId)
    .filter((accountId) => members.get(accountId)?.status === 'Disabled');
  for (let start = 0; start < accountIds.length; start += 50) {
    const batch = accountIds.slice(start, start + 50);
    const change = { kind: 'start-monitoring', region, detectorId, accountIds: batch } as const;
    await tryOnOpen(change, run, () => startMonitoring(administrator, change));
  }
}

function isMembers(change: Change, run: Run): change is MemberChange {
  return (
    change.kind === 'accept-invitation' ||
    (change.kind === 'enable-detector' && change.accountId !== run.plan.administratorId)
  );
}

async function memberSide(run: Run): Promise<void> {
  const byCell = new Map<string, MemberChange[]>();
  for (const change of run.plan.changes) {
    if (isMembers(change, run)) {
      const key = cellKey(change.accountId, change.region);
      byCell.set(key, [...(byCell.get(key) ?? []), change]);
    }
  }
  let finished = 0;
  const cells = [...byCell.values()].map((changes) => ({ changes }));
  await forEach<{ changes: MemberChange[] } & Place, void>(cells, run.concurrency, async ({ changes }) => {
    for (const change of changes) {
      await tryOnOpen(change, run, () => memberChange(change, run));
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
  } else {
    await acceptInvitation(session, change, run.sessions.administrator);
  }
  return [];
}

/** Runs a change in those of its cells in which no earlier one failed; keeps the first failure of every cell. */
async function tryOnOpen<C extends Change>(
  change: C,
  run: Run,
  work: (limited: Change) => Promise<readonly Unprocessed[]>,
): Promise<void> {
  const limited = limitedTo(change, ({ accountId, region }) => !run.failures.has(cellKey(accountId, region)));
  if (limited === undefined) {
    return;
  }
  const cells = cellsOf(limited);
  const [outcome] = await forEach([{}], 1, () => work(limited));
  if (outcome?.status === 'failed') {
    for (const cell of cells) {
      fail(cell, outcome.error, run);
    }
    return;
  }
  for (const { accountId, error } of outcome?.result ?? []) {
    const cell = cells.find((candidate) => candidate.accountId === accountId);
    if (cell) {
      fail(cell, error, run);
    }
  }
}

function hasFailed({ accountId, region }: Cell, run: Run): boolean {
  return run.failures.has(cellKey(accountId, region));
}

function fail(cell: Cell, error: GarrisonError, run: Run): void {
  const { accountId, region } = cell;
  const place = { ...error.place, accountId, region };
  const placed = new GarrisonError(error.code, error.message, error.remedy, place, { cause: error });
  run.failures.set(cellKey(accountId, region), { accountId, region, error: placed });
}

function touched(plan: GuardPlan): Cell[] {
  const cells = plan.changes.flatMap(cellsOf);
  return [...new Map(cells.map((cell) => [cellKey(cell.accountId, cell.region), cell])).values()];
}
