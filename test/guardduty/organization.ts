import {
  AcceptAdministratorInvitationCommand,
  CreateDetectorCommand,
  CreateMembersCommand,
  GuardDutyClient,
  InviteMembersCommand,
  ListDetectorsCommand,
  ListInvitationsCommand,
  ListMembersCommand,
} from '@aws-sdk/client-guardduty';
import {
  apply,
  type CellCoverage,
  coverage,
  type DesiredGuard,
  type GuardSessions,
  observe,
  plan,
} from '../../guardduty';
import type { Message } from '../../organization/messages';
import { accountSession, newConnections, type Session } from '../../organization/sessions';
import { type AccountOptions, createSandbox, type RunningSandbox, type SandboxOptions } from '../../sandbox';

export const managementId = '100000000001';
export const administratorId = '100000000002';
export const regions = ['eu-west-1', 'us-east-1'];

const emailOf = (id: string) => `aws+${id}@example.com`;

/** A local organization in which an account's number is its access key, so that no roles are needed. */
export interface Grounds {
  readonly sandbox: RunningSandbox;
  readonly sessions: GuardSessions;
  readonly memberIds: readonly string[];
  client(accountId: string, region?: string): GuardDutyClient;
  /** Detectors where there are none, as the stack set makes them. */
  detectors(accountIds: readonly string[]): Promise<void>;
  desired(more?: Partial<DesiredGuard>): DesiredGuard;
  statuses(region?: string): Promise<Record<string, string | undefined>>;
}

export async function openGrounds(
  members: number,
  options: Partial<AccountOptions> = {},
  { requestTimeout = 15_000, ...more }: SandboxOptions & { readonly requestTimeout?: number } = {},
): Promise<Grounds> {
  const connections = newConnections(requestTimeout);
  const memberIds = Array.from({ length: members }, (_, index) => String(100_000_000_011 + index));
  const accounts = [managementId, administratorId, ...memberIds].map((id) => ({ id, email: emailOf(id), ...options }));
  const sandbox = await createSandbox({
    accounts,
    managementAccount: managementId,
    securityAccount: administratorId,
    anyKeyAccount: administratorId,
    ...more,
  });
  process.env.AWS_ENDPOINT_URL = sandbox.endpoint;
  const sessions = new Map<string, Session>();
  const session = (accountId: string) => {
    const credentials = async () => ({ accessKeyId: accountId, secretAccessKey: 'any' });
    const known = sessions.get(accountId) ?? accountSession(accountId, 'us-east-1', credentials, connections);
    sessions.set(accountId, known);
    return known;
  };
  const client = (accountId: string, region = regions[0] as string) =>
    session(accountId).client(GuardDutyClient, region);
  return {
    sandbox,
    memberIds,
    sessions: { administrator: session(administratorId), member: session },
    client,
    async detectors(accountIds) {
      const cells = accountIds.flatMap((accountId) => regions.map((region) => client(accountId, region)));
      await Promise.all(cells.map((each) => each.send(new CreateDetectorCommand({ Enable: true }))));
    },
    desired: (more = {}) => ({
      administratorId,
      managementAccountId: managementId,
      regions,
      members: memberIds.map((accountId) => ({ accountId, email: emailOf(accountId) })),
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      invitationEmails: false,
      ...more,
    }),
    async statuses(region = regions[0] as string) {
      const session = client(administratorId, region);
      const id = await detectorId(session);
      const { Members = [] } = await session.send(new ListMembersCommand({ DetectorId: id, OnlyAssociated: 'false' }));
      return Object.fromEntries(Members.map((member) => [member.AccountId, member.RelationshipStatus]));
    },
  };
}

/**
 * An organization in which everybody has a detector, and nobody is a member.
 *
 * @param requestTimeout milliseconds after which an unanswered request is given up
 */
export async function openGroundsWithDetectors(members: number, requestTimeout?: number): Promise<Grounds> {
  const grounds = await openGrounds(members, {}, { requestTimeout });
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  grounds.sandbox.clearCalls();
  return grounds;
}

/** An account becomes a member of somebody else in a region, by invitation. */
export async function joinAnother(
  grounds: Grounds,
  cell: { readonly accountId: string; readonly administratorId: string; readonly region: string },
): Promise<void> {
  const { accountId, administratorId: AdministratorId, region } = cell;
  const theirs = grounds.client(AdministratorId, region);
  const DetectorId = await detectorId(theirs);
  const AccountDetails = [{ AccountId: accountId, Email: emailOf(accountId) }];
  await theirs.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
  const AccountIds = [accountId];
  await theirs.send(new InviteMembersCommand({ DetectorId, AccountIds, DisableEmailNotification: true }));
  await grounds.sandbox.world.idle();
  const member = grounds.client(accountId, region);
  const { Invitations: [{ InvitationId } = {}] = [] } = await member.send(new ListInvitationsCommand({}));
  const own = { DetectorId: await detectorId(member), AdministratorId, InvitationId };
  await member.send(new AcceptAdministratorInvitationCommand(own));
}

export async function detectorId(client: GuardDutyClient): Promise<string> {
  const { DetectorIds: [id] = [] } = await client.send(new ListDetectorsCommand({}));
  return id as string;
}

/** One run of `garrison apply`'s last stage: what it planned, what became of it, and the coverage afterwards. */
export async function run(grounds: Grounds, desired: DesiredGuard, more: { fresh?: ReadonlySet<string> } = {}) {
  const messages: Message[] = [];
  const host = { emit: (message: Message) => messages.push(message) };
  const options = { concurrency: 16, outOfReach: new Map<string, string>(), host, ...more };
  const planned = plan(desired, await observe(desired, grounds.sessions, options), options.outOfReach);
  const outcome = await apply(planned, grounds.sessions, options);
  const calls = structuredClone(grounds.sandbox.calls());
  const again = plan(desired, await observe(desired, grounds.sessions, options), options.outOfReach);
  const cells: CellCoverage[] = coverage(desired, again);
  return { planned, outcome, calls, again, cells, messages };
}

export function states(cells: readonly CellCoverage[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state, code } of cells) {
    const key = code ? `${state} ${code}` : state;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
