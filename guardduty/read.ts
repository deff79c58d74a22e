import {
  DescribeOrganizationConfigurationCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GetMemberDetectorsCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListOrganizationAdminAccountsCommand,
  paginateListMembers,
} from '@aws-sdk/client-guardduty';
import type { Session } from '../organization/sessions';
import { batches } from './change';
import { managedFeatures, readAutoEnable, readFeatures } from './features';
import type { ObservedDetector, ObservedMember, ObservedMemberCell, ObservedPlans, ObservedRegion } from './observed';
import type { DesiredSettings } from './settings';
import { readSettings } from './settingsRead';
import { Shared } from './shared';

/**
 * Reads what the administrator sees in a region: three calls, four where it has no members yet, one for every 50
 * members, and with `plans` another one for every 50 members. `settings` cost what `readSettings` says.
 */
export async function readRegion(
  administrator: Session,
  region: string,
  more: { readonly plans: boolean; readonly settings?: DesiredSettings },
  shared = new Shared(),
): Promise<ObservedRegion> {
  const client = administrator.client(GuardDutyClient, region);
  const detector = await readDetector(client);
  if (!detector) {
    return { region, members: new Map() };
  }
  const [listed, organization] = await Promise.all([
    readMembers(client, detector.id, shared),
    readOrganization(client, detector.id),
  ]);
  // GuardDuty lets no account that has members be a member itself: then there is nothing to ask.
  const hasMembers = [...listed.values()].some(({ status }) => /^(Enabled|Disabled)$/.test(status));
  const memberOf = hasMembers ? undefined : await readAdministrator(client, detector.id);
  const members = more.plans ? await withPlans(client, detector.id, listed, shared) : listed;
  // A member has no settings of its own.
  const settings =
    more.settings && !memberOf ? await readSettings(client, detector.id, more.settings, region) : undefined;
  return {
    region,
    detector,
    members,
    memberOf,
    ...(organization ? { organization } : {}),
    ...(settings ? { settings } : {}),
  };
}

/** Reads what a member says of itself: at most two calls. A detector that is `fresh` has no administrator yet. */
export async function readMemberCell(member: Session, region: string, fresh: boolean): Promise<ObservedMemberCell> {
  const client = member.client(GuardDutyClient, region);
  const { DetectorIds: [id] = [] } = await client.send(new ListDetectorsCommand({}));
  if (id === undefined) {
    return { accountId: member.accountId, region };
  }
  if (fresh) {
    return { accountId: member.accountId, region, detector: { id }, fresh };
  }
  const administratorId = await readAdministrator(client, id);
  return { accountId: member.accountId, region, detector: { id }, administratorId };
}

async function readDetector(client: GuardDutyClient): Promise<ObservedDetector | undefined> {
  const { DetectorIds: [id] = [] } = await client.send(new ListDetectorsCommand({}));
  if (id === undefined) {
    return undefined;
  }
  const detector = await client.send(new GetDetectorCommand({ DetectorId: id }));
  return {
    id,
    enabled: detector.Status === 'ENABLED',
    findingPublishingFrequency: detector.FindingPublishingFrequency,
    plans: plansOf(detector.Features),
  };
}

/** Every member that the administrator's detector lists, associated or not. */
export async function readMembers(
  client: GuardDutyClient,
  detectorId: string,
  shared = new Shared(),
): Promise<Map<string, ObservedMember>> {
  const members = new Map<string, ObservedMember>();
  const pages = paginateListMembers({ client, pageSize: 50 }, { DetectorId: detectorId, OnlyAssociated: 'false' });
  for await (const page of pages) {
    for (const member of page.Members ?? []) {
      const { Email, RelationshipStatus: status = 'Created' } = member;
      const accountId = shared.text(member.AccountId as string);
      members.set(
        accountId,
        shared.value([accountId, Email, status], () => ({ accountId, email: Email, status })),
      );
    }
  }
  return members;
}

async function readAdministrator(client: GuardDutyClient, detectorId: string): Promise<string | undefined> {
  const { Administrator } = await client.send(new GetAdministratorAccountCommand({ DetectorId: detectorId }));
  return Administrator?.AccountId;
}

/** Who administers GuardDuty for the organization in a region, as the management account knows it. */
export async function readOrganizationAdministrator(management: Session, region: string): Promise<string | undefined> {
  const client = management.client(GuardDutyClient, region);
  const { AdminAccounts = [] } = await client.send(new ListOrganizationAdminAccountsCommand({}));
  return AdminAccounts.find(({ AdminStatus }) => AdminStatus === 'ENABLED')?.AdminAccountId;
}

/**
 * How the organization's members are enrolled; nothing when this account does not administer GuardDuty for the
 * organization. GuardDuty refuses the question then, as IAM does where nobody granted it.
 */
async function readOrganization(
  client: GuardDutyClient,
  detectorId: string,
): Promise<ObservedRegion['organization'] | undefined> {
  try {
    const answer = await client.send(new DescribeOrganizationConfigurationCommand({ DetectorId: detectorId }));
    const autoEnable = answer.AutoEnableOrganizationMembers ?? (answer.AutoEnable ? 'NEW' : 'NONE');
    return { autoEnable, plans: readAutoEnable(answer.Features) };
  } catch (error) {
    if (/^(BadRequestException|AccessDeniedException|AccessDenied)$/.test((error as Error).name)) {
      return undefined;
    }
    throw error;
  }
}

async function withPlans(
  client: GuardDutyClient,
  detectorId: string,
  members: ReadonlyMap<string, ObservedMember>,
  shared: Shared,
): Promise<Map<string, ObservedMember>> {
  const known = new Map(members);
  const enabled = [...members.values()].filter(({ status }) => status === 'Enabled');
  for (const batch of batches(enabled)) {
    const AccountIds = batch.map(({ accountId }) => accountId);
    const answer = await client.send(new GetMemberDetectorsCommand({ DetectorId: detectorId, AccountIds }));
    for (const { AccountId, Features } of answer.MemberDataSourceConfigurations ?? []) {
      const member = known.get(AccountId as string);
      if (member) {
        const plans = shared.value(Features, () => plansOf(Features));
        const { accountId, email, status } = member;
        known.set(
          accountId,
          shared.value([accountId, email, status, plans], () => ({ ...member, plans })),
        );
      }
    }
  }
  return known;
}

function plansOf(results: Parameters<typeof readFeatures>[0]): ObservedPlans {
  return { features: readFeatures(results), managed: managedFeatures(results) };
}
