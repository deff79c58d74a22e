import {
  AcceptAdministratorInvitationCommand,
  CreateMembersCommand,
  DescribeOrganizationConfigurationCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GuardDutyClient,
  InviteMembersCommand,
  ListDetectorsCommand,
  ListInvitationsCommand,
  paginateListMembers,
} from '@aws-sdk/client-guardduty';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import pMap from 'p-map';
import {
  type Answer,
  administratorId,
  emailOf,
  managementId,
  megabytes,
  memberIds,
  regionsOf,
  serve,
  type Task,
} from './task';

const maxSockets = 256;
const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets } });
const root = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 'any' });

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
const clientOf = (credentials: Credentials, region: string) =>
  new GuardDutyClient({ region, credentials, requestHandler, maxAttempts: 20 });

/** What an enrolment needs, in a loop: no plan, no second look, no reasons. */
serve(async (task): Promise<Answer> => {
  const started = performance.now();
  const regions = regionsOf(task);
  const { concurrency } = task;
  const detectors = new Map<string, string>();
  await pMap(regions, async (region) => detectors.set(region, await readAdministrator(region)), { concurrency });
  const credentials = new Map<string, Promise<Credentials>>();
  const ofMember = (id: string) => {
    const known = credentials.get(id) ?? assume(id);
    credentials.set(id, known);
    return known;
  };
  const cells = regions.flatMap((region) => memberIds(task).map((id) => ({ id, region, DetectorId: '' })));
  await pMap(
    cells,
    async (cell) => {
      const client = clientOf(await ofMember(cell.id), cell.region);
      const { DetectorIds } = await client.send(new ListDetectorsCommand({}));
      cell.DetectorId = DetectorIds?.[0] as string;
      await client.send(new GetAdministratorAccountCommand({ DetectorId: cell.DetectorId }));
    },
    { concurrency },
  );
  await pMap(regions, (region) => invite(task, region, detectors.get(region) as string), { concurrency });
  await pMap(
    cells,
    async ({ id, region, DetectorId }) => {
      const client = clientOf(await ofMember(id), region);
      const { Invitations } = await client.send(new ListInvitationsCommand({}));
      const InvitationId = Invitations?.[0]?.InvitationId;
      const AdministratorId = administratorId;
      await client.send(new AcceptAdministratorInvitationCommand({ DetectorId, AdministratorId, InvitationId }));
    },
    { concurrency },
  );
  const seconds = (performance.now() - started) / 1000;
  return { seconds, megabytes: megabytes(), guarded: cells.length + regions.length };
});

async function readAdministrator(region: string): Promise<string> {
  const client = clientOf(root(administratorId), region);
  const { DetectorIds } = await client.send(new ListDetectorsCommand({}));
  const DetectorId = DetectorIds?.[0] as string;
  await Promise.all([
    client.send(new GetDetectorCommand({ DetectorId })),
    client.send(new GetAdministratorAccountCommand({ DetectorId })),
    client.send(new DescribeOrganizationConfigurationCommand({ DetectorId })).catch(() => undefined),
  ]);
  await listMembers(client, DetectorId);
  return DetectorId;
}

async function listMembers(client: GuardDutyClient, DetectorId: string): Promise<void> {
  for await (const _ of paginateListMembers({ client, pageSize: 50 }, { DetectorId, OnlyAssociated: 'false' })) {
    // Read, and no more.
  }
}

async function invite(task: Task, region: string, DetectorId: string): Promise<void> {
  const client = clientOf(root(administratorId), region);
  const ids = memberIds(task);
  for (let start = 0; start < ids.length; start += 50) {
    const AccountDetails = ids.slice(start, start + 50).map((id) => ({ AccountId: id, Email: emailOf(id) }));
    await client.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
  }
  for (let start = 0; start < ids.length; start += 50) {
    const AccountIds = ids.slice(start, start + 50);
    await client.send(new InviteMembersCommand({ DetectorId, AccountIds, DisableEmailNotification: true }));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  await listMembers(client, DetectorId);
}

async function assume(accountId: string): Promise<Credentials> {
  const sts = new STSClient({ region: 'us-east-1', credentials: root(managementId), requestHandler, maxAttempts: 20 });
  const RoleArn = `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`;
  const { Credentials: answer } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'bare' }));
  return {
    accessKeyId: answer?.AccessKeyId as string,
    secretAccessKey: answer?.SecretAccessKey as string,
    sessionToken: answer?.SessionToken,
  };
}
