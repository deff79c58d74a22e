import { readFileSync, writeFileSync } from 'node:fs';
import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeRegionsCommand,
  EC2Client,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountSummaryCommand,
  IAMClient,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  ListParentsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRootCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { catalog, configuredGuardrails, packPolicies, serviceControlLimits, wantedPolicies } from '../../guardrails';
import { Tally } from '../../guardrails/against/tally';
import { loadConfig } from '../../organization/config';
import type { HistoryEntry } from '../../sandbox/core/history';
import { asAdministrator, asManagement, asRole, type ClientConfiguration } from '../roles/plant';
import { managementId, startOrganization, type TestOrganization } from '../support/localOrganization';
import { anything, assetsBucket, calls, detector, type RandomCall, randomCalls } from './forcedCalls';
import { everything } from './support';

const guarded = '100000000011';
const free = '100000000012';
let organization: TestOrganization;
const admins: Record<string, ClientConfiguration> = {};

/** Canonical, whose images are public and not approved here. */
const canonical = '099720109477';

/** An administrator's role in the account, as people have one. */
async function administrator(accountId: string): Promise<ClientConfiguration> {
  const iam = new IAMClient(await asAdministrator(organization.sandbox, accountId));
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${managementId}:root` } };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'Admin',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'Admin', PolicyArn }));
  return asRole(asManagement(organization.sandbox), Role?.Arn as string);
}

/** A user with keys of its own in the account. */
async function user(accountId: string): Promise<ClientConfiguration> {
  const iam = new IAMClient(await asAdministrator(organization.sandbox, accountId));
  await iam.send(new CreateUserCommand({ UserName: 'alice' }));
  await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'all', PolicyDocument: anything }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  return { ...asManagement(organization.sandbox), credentials: { accessKeyId, secretAccessKey } };
}

/** A key that is an account's number is its root user. */
function rootUser(accountId: string): ClientConfiguration {
  return { ...asManagement(organization.sandbox), credentials: { accessKeyId: accountId, secretAccessKey: 'x' } };
}

/** Whether a call was refused by a service control policy; any other end, a missing resource too, is none. */
async function isStopped(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    const { message } = error as Error;
    return message.includes('with an explicit deny in a service control policy');
  }
}

beforeAll(async () => {
  organization = await startOrganization(2, ['us-east-1', 'eu-west-1'], { anyKeyAccount: managementId });
  const { sandbox, files } = organization;
  for (const accountId of [guarded, free]) {
    admins[accountId] = await administrator(accountId);
    // S3 says first whether there is such a bucket.
    const s3 = new S3Client({ ...(admins[accountId] as ClientConfiguration), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: assetsBucket(accountId) }));
  }
  const organizations = new OrganizationsClient(asManagement(sandbox));
  const { Parents = [] } = await organizations.send(new ListParentsCommand({ ChildId: guarded }));
  const SourceParentId = Parents[0]?.Id as string;
  const created = await organizations.send(
    new CreateOrganizationalUnitCommand({ ParentId: SourceParentId, Name: 'Trial' }),
  );
  const DestinationParentId = created.OrganizationalUnit?.Id;
  await organizations.send(new MoveAccountCommand({ AccountId: guarded, SourceParentId, DestinationParentId }));
  const file = files[1] as string;
  writeFileSync(file, readFileSync(file, 'utf8') + everything.replace('[us-east-1, eu-west-1]', '[us-east-1]'));
  const packed = packPolicies(configuredGuardrails(loadConfig(file)), serviceControlLimits);
  for (const { name, content, description } of wantedPolicies(packed)) {
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({
        Name: name,
        Content: content,
        Description: description,
        Type: 'SERVICE_CONTROL_POLICY',
      }),
    );
    const PolicyId = Policy?.PolicySummary?.Id;
    await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: DestinationParentId }));
  }
}, 30_000);

afterAll(() => organization.sandbox.close());

test.each(Object.entries(calls))('%s: stopped in the unit, free in another', async (name, call) => {
  expect(await isStopped(call(admins[guarded] as ClientConfiguration, guarded))).toBe(true);
  // An account that had left would not be there for the next call.
  if (!name.startsWith('organizations:')) {
    expect(await isStopped(call(admins[free] as ClientConfiguration, free))).toBe(false);
  }
});

describe('instances', () => {
  const image = async (client: ClientConfiguration, owner: string) => {
    const { Images = [] } = await new EC2Client(client).send(new DescribeImagesCommand({ Owners: [owner] }));
    return Images[0]?.ImageId as string;
  };
  const start = (client: ClientConfiguration, ImageId: string, HttpTokens: 'required' | 'optional' = 'required') =>
    new EC2Client(client).send(
      new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, MetadataOptions: { HttpTokens } }),
    );

  test('start from approved owners with IMDSv2 only', async () => {
    const client = admins[guarded] as ClientConfiguration;
    const [approved, other] = [await image(client, 'amazon'), await image(client, canonical)];
    expect(await isStopped(start(client, other))).toBe(true);
    expect(await isStopped(start(admins[free] as ClientConfiguration, other))).toBe(false);
    expect(await isStopped(start(client, approved, 'optional'))).toBe(true);
    const { Instances = [] } = await start(client, approved);
    const options = { InstanceId: Instances[0]?.InstanceId, HttpTokens: 'optional' } as const;
    expect(await isStopped(new EC2Client(client).send(new ModifyInstanceMetadataOptionsCommand(options)))).toBe(true);
  });

  test('start from an image of the account’s own: `self` is whoever asks', async () => {
    const client = admins[guarded] as ClientConfiguration;
    const { Instances = [] } = await start(client, await image(client, 'amazon'));
    const InstanceId = Instances[0]?.InstanceId;
    const { ImageId = '' } = await new EC2Client(client).send(new CreateImageCommand({ InstanceId, Name: 'golden' }));
    expect(await isStopped(start(client, ImageId))).toBe(false);
  });
});

describe('every action that a statement names', () => {
  const reads: Readonly<Record<string, string>> = { 'cloudtrail:StopLogging': 'cloudtrail:StartLogging' };

  test('is denied by the organization to an administrator of the unit, and to nobody else', async () => {
    const config = loadConfig(organization.files[1] as string);
    const named = configuredGuardrails(config)
      .filter(({ guardrail }) => /^(leave-|keep-)/.test(guardrail.id))
      .flatMap(({ statements }) => statements)
      .filter(
        ({ Resource, Condition = {} }) => Resource?.includes('*') && !Condition.StringEquals && !Condition.ArnLike,
      )
      .flatMap(({ Action = [] }) => Action);
    expect(named.length).toBeGreaterThan(60);
    const decisions = async (accountId: string, actions: readonly string[]) => {
      const iam = new IAMClient(admins[accountId] as ClientConfiguration);
      const answer = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: `arn:aws:iam::${accountId}:role/Admin`,
          ActionNames: [...actions],
          ContextEntries: [
            { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: ['us-east-1'] },
          ],
          MaxItems: 1000,
        }),
      );
      return (answer.EvaluationResults ?? []).map(
        ({ EvalDecision, OrganizationsDecisionDetail }) =>
          `${EvalDecision} ${OrganizationsDecisionDetail?.AllowedByOrganizations}`,
      );
    };
    expect(new Set(await decisions(guarded, named))).toEqual(new Set(['explicitDeny false']));
    expect(new Set(await decisions(free, named))).toEqual(new Set(['allowed true']));
    expect(await decisions(guarded, Object.values(reads))).toEqual(['allowed true']);
  });
});

describe('what AWS and people need all the same', () => {
  test('reading, and work in other names, goes on', async () => {
    const client = admins[guarded] as ClientConfiguration;
    const stopped = await Promise.all([
      isStopped(new GuardDutyClient(client).send(new ListDetectorsCommand({}))),
      isStopped(
        new IAMClient(client).send(new CreateRoleCommand({ RoleName: 'mine', AssumeRolePolicyDocument: anything })),
      ),
      isStopped(new EventBridgeClient(client).send(new DisableRuleCommand({ Name: 'nightly' }))),
      isStopped(new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({}))),
    ]);
    expect(stopped).toEqual([false, false, false, false]);
  });

  test('global services, and the list of regions, are free in a region that is not used', async () => {
    const client = { ...(admins[guarded] as ClientConfiguration), region: 'eu-west-1' };
    expect(await isStopped(new IAMClient(client).send(new GetAccountSummaryCommand({})))).toBe(false);
    expect(await isStopped(new EC2Client(client).send(new DescribeRegionsCommand({})))).toBe(false);
  });

  test('a user from an address that is not listed is stopped; roles of functions and of Garrison are not', async () => {
    const alice = await user(guarded);
    expect(await isStopped(new IAMClient(alice).send(new GetAccountSummaryCommand({})))).toBe(true);
    expect(await isStopped(new IAMClient(await user(free)).send(new GetAccountSummaryCommand({})))).toBe(false);
    expect(
      await isStopped(new IAMClient(admins[guarded] as ClientConfiguration).send(new GetAccountSummaryCommand({}))),
    ).toBe(false);
  });

  test('the root user of a member account is stopped, a privileged root session is not', async () => {
    const list = (client: ClientConfiguration) =>
      new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({}));
    expect(await isStopped(list(rootUser(guarded)))).toBe(true);
    expect(await isStopped(list(rootUser(free)))).toBe(false);
    const management = asManagement(organization.sandbox);
    const { Credentials } = await new STSClient(management).send(
      new AssumeRootCommand({
        TargetPrincipal: guarded,
        TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy' },
      }),
    );
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    };
    await expect(list({ ...management, credentials: session })).resolves.toMatchObject({ Buckets: [{}] });
  });

  test('the management account is not held', async () => {
    const client = new GuardDutyClient(asManagement(organization.sandbox));
    expect(await isStopped(client.send(new DeleteDetectorCommand({ DetectorId: detector })))).toBe(false);
  });
});

test('what the log says of a call is what the organization did about it, whatever the call', async () => {
  const config = loadConfig(organization.files[1] as string);
  const client = admins[guarded] as ClientConfiguration;
  const { history } = organization.sandbox.world;
  const options = { managementAccountId: managementId, rolePaths: ['/'], counted: () => true };
  let [stopped, free, unknown] = [0, 0, 0];
  const name = fc.constantFrom('garrison-x', 'garrison-alerts', 'nightly', 'GarrisonMember', 'BreakGlass', 'mine');
  const region = fc.constantFrom('us-east-1', 'us-east-1', 'eu-west-1');
  const call = fc.constantFrom(...Object.keys(randomCalls));
  await fc.assert(
    fc.asyncProperty(call, name, region, async (kind, what, where) => {
      const refused = await isStopped((randomCalls[kind] as RandomCall)({ ...client, region: where }, what, guarded));
      // IAM is global: its calls are recorded in one region.
      const recorded = kind === 'role' || kind === 'trust' ? 'us-east-1' : where;
      const [entry] = history.of({ accountId: guarded, region: recorded });
      const { errorCode, errorMessage, ...record } = (entry as HistoryEntry).record();
      const tally = new Tally(configuredGuardrails(config), options);
      tally.add(record);
      const report = tally.report();
      const said = report.some((one) => one.stopped.length > 0);
      const open = report.some((one) => one.unknown.length > 0);
      stopped += refused ? 1 : 0;
      free += refused ? 0 : 1;
      unknown += !said && open ? 1 : 0;
      // Unknown may be either; what is said has to be so.
      expect({ kind, what, where, said: said || (open && refused) }).toEqual({ kind, what, where, said: refused });
    }),
    { numRuns: 80 },
  );
  expect(stopped).toBeGreaterThan(20);
  expect(free).toBeGreaterThan(10);
  expect(unknown).toBeLessThan(15);
}, 30_000);

test('every guardrail was in force here', () => {
  expect(configuredGuardrails(loadConfig(organization.files[1] as string)).filter(({ off }) => off)).toEqual([]);
  expect(catalog.length).toBeGreaterThanOrEqual(10);
});
