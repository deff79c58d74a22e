import {
  AcceptAdministratorInvitationCommand,
  CreateDetectorCommand,
  CreateMembersCommand,
  GetMembersCommand,
  GuardDutyClient,
  InviteMembersCommand,
  ListInvitationsCommand,
} from '@aws-sdk/client-guardduty';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type AccessKeys, createSandbox, type RunningSandbox } from '../../../sandbox';

export const management = '100000000001';
export const security = '100000000002';
export const member = '100000000003';
export const other = '100000000004';
export const email = (id: string) => `root+${id}@example.com`;

/** The organization of the test that runs; a new one for each. */
export let sandbox: RunningSandbox;

beforeAll(async () => {
  const accounts = [management, security, member, other].map((id) => ({ id, email: email(id) }));
  sandbox = await createSandbox({ accounts, securityAccount: security });
});

afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

export function client(keys: AccessKeys & { sessionToken?: string }): GuardDutyClient {
  return new GuardDutyClient({ endpoint: sandbox.endpoint, region: 'eu-central-1', credentials: keys });
}

/** A client in an account, through its access role. */
export async function inAccount(id: string): Promise<GuardDutyClient> {
  const config = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
  const RoleArn = `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await new STSClient(config).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return client({
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken,
  });
}

export async function detectorIn(guardduty: GuardDutyClient): Promise<string> {
  const { DetectorId } = await guardduty.send(new CreateDetectorCommand({ Enable: true }));
  return DetectorId as string;
}

export const AccountIds = [member];

/** An administrator that has created a member, and the member with a detector of its own. */
export async function pair(address = email(member)) {
  const administrator = client(sandbox.security);
  const theirs = await inAccount(member);
  const DetectorId = await detectorIn(administrator);
  const memberDetectorId = await detectorIn(theirs);
  const AccountDetails = [{ AccountId: member, Email: address }];
  const { UnprocessedAccounts } = await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
  expect(UnprocessedAccounts).toEqual([]);
  return { administrator, theirs, DetectorId, memberDetectorId };
}

type Pair = Awaited<ReturnType<typeof pair>>;

export async function status({ administrator, DetectorId }: Pair): Promise<string | undefined> {
  const { Members } = await administrator.send(new GetMembersCommand({ DetectorId, AccountIds }));
  return Members?.[0]?.RelationshipStatus;
}

export async function invite({ administrator, DetectorId }: Pair): Promise<void> {
  const input = { DetectorId, AccountIds, DisableEmailNotification: true };
  const { UnprocessedAccounts } = await administrator.send(new InviteMembersCommand(input));
  expect(UnprocessedAccounts).toEqual([]);
  await sandbox.world.idle();
}

export async function join(both: Pair): Promise<void> {
  await invite(both);
  const { Invitations } = await both.theirs.send(new ListInvitationsCommand({}));
  const InvitationId = Invitations?.[0]?.InvitationId;
  const input = { DetectorId: both.memberDetectorId, AdministratorId: security, InvitationId };
  await both.theirs.send(new AcceptAdministratorInvitationCommand(input));
}

export const badRequest = (message: string) => ({
  name: 'BadRequestException',
  Type: 'InvalidInputException',
  message,
});
