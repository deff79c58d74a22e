import {
  DeleteMembersCommand,
  DescribeOrganizationConfigurationCommand,
  DisassociateMembersCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  type UnprocessedAccount,
  UpdateOrganizationConfigurationCommand,
} from '@aws-sdk/client-guardduty';
import type { Cell } from '../organization/accounts';
import { forEach } from '../organization/cells';
import { GarrisonError } from '../organization/errors';
import { explain } from '../organization/failures';
import type { Session } from '../organization/sessions';
import { batches } from './change';
import { readMembers } from './read';

/** Members of the administrator in one region. */
export interface RegionMembers {
  readonly region: string;
  /** The administrator's detector. */
  readonly detectorId: string;
  readonly accountIds: readonly string[];
}

/** What became of members that were to go. */
export interface MemberRemoval {
  readonly removed: readonly Cell[];
  readonly failed: readonly GarrisonError[];
}

/**
 * Every member that the administrator lists, region by region; regions without any are left out. Reads only.
 *
 * @throws GarrisonError when a region cannot be read
 */
export async function listMembers(
  administrator: Session,
  regions: readonly string[],
  concurrency: number,
): Promise<RegionMembers[]> {
  const places = regions.map((region) => ({ region }));
  const outcomes = await forEach(places, concurrency, ({ region }) => membersOf(administrator, region));
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'failed') {
      throw outcome.error;
    }
    return outcome.result && outcome.result.accountIds.length > 0 ? [outcome.result] : [];
  });
}

async function membersOf(administrator: Session, region: string): Promise<RegionMembers | undefined> {
  const client = administrator.client(GuardDutyClient, region);
  const { DetectorIds: [detectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  if (detectorId === undefined) {
    return undefined;
  }
  return { region, detectorId, accountIds: [...(await readMembers(client, detectorId)).keys()] };
}

/**
 * Disassociates members and forgets them, 50 a call: GuardDuty lets nobody delete a detector before that. Detectors stay
 * as they are. With `endAutoEnable` the organization's accounts are no longer enrolled by themselves: before that,
 * GuardDuty holds on to them. A region that fails stops no other.
 */
export async function removeMembers(
  administrator: Session,
  members: readonly RegionMembers[],
  { concurrency, endAutoEnable }: { readonly concurrency: number; readonly endAutoEnable: boolean },
): Promise<MemberRemoval> {
  const outcomes = await forEach(members, concurrency, async (region) => {
    if (endAutoEnable) {
      await switchAutoEnableOff(administrator, region);
    }
    const left: GarrisonError[] = [];
    for (const accountIds of batches(region.accountIds)) {
      left.push(...(await removeBatch(administrator, { ...region, accountIds })));
    }
    return left;
  });
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : outcome.result));
  const kept = new Set(failed.map(({ place }) => `${place.accountId}/${place.region}`));
  const regionsFailed = new Set(outcomes.flatMap(({ status, target }) => (status === 'failed' ? [target.region] : [])));
  const removed = members
    .filter(({ region }) => !regionsFailed.has(region))
    .flatMap(({ region, accountIds }) => accountIds.map((accountId) => ({ accountId, region })))
    .filter(({ accountId, region }) => !kept.has(`${accountId}/${region}`));
  return { removed, failed };
}

async function removeBatch(administrator: Session, members: RegionMembers): Promise<GarrisonError[]> {
  const { region, detectorId } = members;
  const client = administrator.client(GuardDutyClient, region);
  const input = { DetectorId: detectorId, AccountIds: [...members.accountIds] };
  const disassociated = await explained(region, 'guardduty:DisassociateMembers', () =>
    client.send(new DisassociateMembersCommand(input)),
  );
  const deleted = await explained(region, 'guardduty:DeleteMembers', () =>
    client.send(new DeleteMembersCommand(input)),
  );
  // One that was never associated is left out by the first call, and goes with the second.
  const kept = (deleted.UnprocessedAccounts ?? []).filter(({ Result }) => !/is not a member/i.test(Result ?? ''));
  return kept.map((account) => leftOut(account, disassociated.UnprocessedAccounts ?? [], region));
}

function leftOut(account: UnprocessedAccount, disassociation: readonly UnprocessedAccount[], region: string) {
  const { AccountId: accountId } = account;
  const why = disassociation.find((earlier) => earlier.AccountId === accountId)?.Result ?? account.Result;
  return new GarrisonError(
    'guardduty.member.kept',
    `GuardDuty keeps the member: ${why}`,
    'Mend the cause and run the command again: only this is left.',
    { accountId, region, operation: 'guardduty:DeleteMembers' },
  );
}

/** Where GuardDuty is not administered for the organization it refuses the question, and there is nothing to end. */
async function switchAutoEnableOff(administrator: Session, { region, detectorId }: RegionMembers): Promise<void> {
  const client = administrator.client(GuardDutyClient, region);
  const configuration = await client
    .send(new DescribeOrganizationConfigurationCommand({ DetectorId: detectorId }))
    .catch(() => undefined);
  const now = configuration?.AutoEnableOrganizationMembers ?? (configuration?.AutoEnable ? 'NEW' : 'NONE');
  if (now !== 'NONE') {
    await explained(region, 'guardduty:UpdateOrganizationConfiguration', () =>
      client.send(
        new UpdateOrganizationConfigurationCommand({ DetectorId: detectorId, AutoEnableOrganizationMembers: 'NONE' }),
      ),
    );
  }
}

async function explained<T>(region: string, operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explain(error, { region, operation });
  }
}
