import { forEach, type Outcome } from '../organization/cells';
import type { GarrisonError } from '../organization/errors';
import type { Host } from '../organization/messages';
import type { Session } from '../organization/sessions';
import type { DesiredGuard } from './desired';
import { delegates, isAdministeredElsewhere, joinsThroughOrganization } from './memberPlan';
import { cellKey, type ObservedGuard, type ObservedMemberCell, type ObservedRegion } from './observed';
import { readMemberCell, readOrganizationAdministrator, readRegion } from './read';
import { Shared } from './shared';

/** Who observes and acts: the administrator, and every member through a role in it. */
export interface GuardSessions {
  readonly administrator: Session;
  member(accountId: string): Session;
}

/** What is known before GuardDuty is asked. */
export interface ObserveOptions {
  readonly concurrency: number;
  /** Cells in which nothing can run, by `cellKey`: suspended accounts, regions that are not enabled. */
  readonly outOfReach: ReadonlyMap<string, string>;
  /** Cells, by `cellKey`, whose detector was made in this run: nobody can be its administrator yet. */
  readonly fresh?: ReadonlySet<string>;
  readonly host: Host;
}

/**
 * Reads the administrator's view of every region, then visits only the members whose state it leaves open. Nothing is
 * changed; what cannot be read is part of the answer, never left out of it.
 */
export async function observe(
  desired: DesiredGuard,
  sessions: GuardSessions,
  options: ObserveOptions,
): Promise<ObservedGuard> {
  const places = desired.regions.map((region) => ({ accountId: desired.administratorId, region }));
  // What a policy holds is said with the plans.
  const withPlans =
    desired.route === 'policy' || (desired.planRules ?? []).some(({ plans }) => Object.keys(plans).length > 0);
  const shared = new Shared();
  const read = await forEach(places, options.concurrency, ({ region }) =>
    readRegion(sessions.administrator, region, { plans: withPlans, settings: desired.settings }, shared),
  );
  const regions = results(read, ({ region }) => region);
  for (const [region, seen] of regions.done) {
    if (options.outOfReach.has(cellKey(desired.managementAccountId ?? '', region))) {
      regions.done.set(region, { ...seen, withoutManagement: true });
    }
  }
  await findOtherAdministrators(desired, sessions, regions.done, options.concurrency);
  const open = openCells(desired, regions.done, options.outOfReach);
  options.host.emit({
    code: 'guardduty.observe.members',
    level: 'info',
    text: `${open.length} member cells to look at`,
    data: { cells: open.length },
  });
  const visited = await forEach(open, options.concurrency, ({ accountId, region }) =>
    readMemberCell(sessions.member(accountId), region, options.fresh?.has(cellKey(accountId, region)) ?? false),
  );
  const cells = results(visited, ({ accountId, region }) => cellKey(accountId, region));
  return { regions: regions.done, unreadable: regions.failed, cells: cells.done, unreadableCells: cells.failed };
}

/** What calls in a region answer that the account has not enabled. Source: Account Management reference guide. */
const regionIsOff = /^aws\.(UnrecognizedClientException|InvalidClientTokenId|AuthFailure|OptInRequired)$/;

/**
 * Before the administration is delegated anywhere: whether somebody else has it. Where the management account cannot be
 * asked yet, delegating itself will tell.
 */
async function findOtherAdministrators(
  desired: DesiredGuard,
  sessions: GuardSessions,
  regions: Map<string, ObservedRegion>,
  concurrency: number,
): Promise<void> {
  const { managementAccountId: accountId = '', administratorId } = desired;
  const places = [...regions.values()]
    .filter((seen) => seen.detector !== undefined && delegates(desired, seen))
    .map(({ region }) => ({ accountId, region }));
  const outcomes = await forEach(places, concurrency, ({ region }) =>
    readOrganizationAdministrator(sessions.member(accountId), region),
  );
  for (const outcome of outcomes) {
    const { region } = outcome.target;
    const found = outcome.status === 'done' ? outcome.result : undefined;
    if (outcome.status === 'failed' && regionIsOff.test(outcome.error.code)) {
      regions.set(region, { ...(regions.get(region) as ObservedRegion), withoutManagement: true });
    }
    if (found !== undefined && found !== administratorId) {
      regions.set(region, { ...(regions.get(region) as ObservedRegion), otherAdministrator: found });
    }
  }
}

/** Members of which the administrator's list leaves open what is to be done, in regions that could be read. */
function openCells(
  desired: DesiredGuard,
  regions: ReadonlyMap<string, ObservedRegion>,
  outOfReach: ReadonlyMap<string, string>,
): Pick<ObservedMemberCell, 'accountId' | 'region'>[] {
  // Without a detector of the administrator nobody can be its member: there is nothing to look at yet.
  const withAdministrator = [...regions.values()].filter(({ detector }) => detector !== undefined);
  return withAdministrator.flatMap((seen) =>
    desired.members
      .filter(({ accountId }) => !/^(Enabled|Disabled)$/.test(seen.members.get(accountId)?.status ?? ''))
      .filter(({ accountId }) => !outOfReach.has(cellKey(accountId, seen.region)))
      .filter(({ accountId }) => !joinsThroughOrganization(desired, accountId, seen))
      .filter(({ accountId }) => !isAdministeredElsewhere(desired, accountId, seen))
      .map(({ accountId }) => ({ accountId, region: seen.region })),
  );
}

function results<T, R>(outcomes: readonly Outcome<T, R>[], key: (target: T) => string) {
  const done = new Map<string, R>();
  const failed = new Map<string, GarrisonError>();
  for (const outcome of outcomes) {
    if (outcome.status === 'done') {
      done.set(key(outcome.target), outcome.result);
    } else {
      failed.set(key(outcome.target), outcome.error);
    }
  }
  return { done, failed };
}
