import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, CreateUserCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox, type SandboxOptions } from '../../../sandbox';
import type { OrganizationView } from '../../../sandbox/core/organization';

const [management, member] = ['111111111111', '222222222222'];
const accounts = [
  { id: management, email: 'a@example.com' },
  { id: member, email: 'b@example.com', optedOutRegions: ['eu-west-3'], optedInRegions: ['af-south-1'] },
];

let sandbox: RunningSandbox;

async function start(options: SandboxOptions = {}): Promise<RunningSandbox> {
  sandbox = await createSandbox({ accounts, managementAccount: management, securityAccount: member, ...options });
  return sandbox;
}
afterEach(() => sandbox.close());

type Who = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const at = (credentials: Who = sandbox.management, region = 'us-east-1') => ({
  endpoint: sandbox.endpoint,
  region,
  credentials,
  maxAttempts: 1,
});

/** Keys of a session of a role in the management account that may do what `statements` say. */
async function roleWith(statements: object[], boundary?: object[]): Promise<Who> {
  const iam = new IAMClient(at());
  const document = (Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const AssumeRolePolicyDocument = document([
    { Effect: 'Allow', Principal: { AWS: management }, Action: 'sts:AssumeRole' },
  ]);
  const RoleName = `role-${Math.random().toString(36).slice(2)}`;
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: document(statements) }));
  const Policy = boundary && document(boundary);
  const session = { RoleArn: Role?.Arn, RoleSessionName: 'test', Policy };
  const { Credentials } = await new STSClient(at()).send(new AssumeRoleCommand(session));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  };
}

test('an account can act where it has opted in, and nowhere else', async () => {
  await start();
  const identity = (credentials: Who, region: string) =>
    new STSClient(at(credentials, region)).send(new GetCallerIdentityCommand({}));
  await expect(identity(sandbox.management, 'af-south-1')).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(identity(sandbox.security, 'eu-west-3')).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  await expect(identity(sandbox.security, 'af-south-1')).resolves.toMatchObject({ Account: member });
});

test('wrong secrets and wrong clocks are told apart, and clients correct their clocks', async () => {
  let ahead = 0;
  await start({ clock: () => new Date(Date.now() + ahead) });
  const wrong = { ...sandbox.management, secretAccessKey: 'wrong' };
  await expect(new STSClient(at(wrong)).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  });
  ahead = 20 * 60_000;
  await expect(new STSClient(at()).send(new GetCallerIdentityCommand({}))).rejects.toThrow(
    /^Signature expired: \d{8}T\d{6}Z is now earlier than/,
  );
  const patient = new STSClient({ ...at(), maxAttempts: 3 });
  await expect(patient.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Account: management });
});

test('what no policy allows is denied, and what a policy denies is denied in other words', async () => {
  await start();
  const none = new SQSClient(at(await roleWith([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])));
  await expect(none.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /^User: arn:aws:sts::111111111111:assumed-role\/role-\w+\/test is not authorized to perform: sqs:ListQueues .*because no identity-based policy allows the sqs:ListQueues action$/,
    ),
  });
  const statements = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Effect: 'Deny',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
    },
  ];
  const keys = await roleWith(statements);
  await expect(new SQSClient(at(keys)).send(new ListQueuesCommand({}))).rejects.toThrow(
    /with an explicit deny in an identity-based policy$/,
  );
  await expect(new SQSClient(at(keys, 'eu-west-1')).send(new ListQueuesCommand({}))).resolves.toBeDefined();
});

test('service control policies bind members, not the management account', async () => {
  await start();
  const real = sandbox.world.organization.current;
  const guarded: Partial<OrganizationView> = {
    id: 'o-example',
    managementAccountId: management,
    has: () => true,
    path: () => 'o-example/r-root/',
    resourceControlPolicies: () => [],
    serviceControlPolicies: (id) =>
      id === management
        ? []
        : [
            [
              '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sqs:*","Resource":"*"}]}',
            ],
          ],
  };
  sandbox.world.organization.current = { ...real, ...guarded } as OrganizationView;
  await expect(new SQSClient(at(sandbox.security)).send(new ListQueuesCommand({}))).rejects.toThrow(
    /with an explicit deny in a service control policy$/,
  );
  await expect(new SQSClient(at()).send(new ListQueuesCommand({}))).resolves.toBeDefined();
});

test('a call that changes something becomes an event on the account’s default bus', async () => {
  await start();
  const sqs = new SQSClient(at());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'trail' }));
  const QueueArn = `arn:aws:sqs:us-east-1:${management}:trail`;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QueueArn,
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const events = new EventBridgeClient(at());
  const EventPattern = JSON.stringify({
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { eventName: ['CreateUser', 'CreateEventBus'] },
  });
  await events.send(new PutRuleCommand({ Name: 'trail', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'trail', Targets: [{ Id: '1', Arn: QueueArn }] }));
  await new IAMClient(at(undefined, 'eu-west-1')).send(new CreateUserCommand({ UserName: 'kim' }));
  const keys = await roleWith([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]);
  await new EventBridgeClient(at(keys)).send(new CreateEventBusCommand({ Name: 'x' })).catch(() => undefined);
  await sandbox.world.idle();
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const details = (Messages ?? []).map((message) => JSON.parse(message.Body ?? '{}').detail);
  expect(details).toContainEqual(
    expect.objectContaining({
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      awsRegion: 'us-east-1',
      requestParameters: { userName: 'kim' },
      userIdentity: expect.objectContaining({ type: 'IAMUser', userName: 'administrator' }),
    }),
  );
  expect(details).toContainEqual(
    expect.objectContaining({ eventName: 'CreateEventBus', errorCode: 'AccessDeniedException' }),
  );
});

test('throttling holds per account, region and operation', async () => {
  await start({ rateLimits: { 'sqs:ListQueues': { perSecond: 0.001, burst: 2 } } });
  const list = (who?: Who, region?: string) => new SQSClient(at(who, region)).send(new ListQueuesCommand({}));
  await list();
  await list();
  await expect(list()).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
  await expect(list(sandbox.security)).resolves.toBeDefined();
  await expect(list(undefined, 'eu-west-1')).resolves.toBeDefined();
});

test('faults strike where they are meant to', async () => {
  await start();
  const identity = () => new STSClient(at()).send(new GetCallerIdentityCommand({}));
  sandbox.faults.add({ service: 'sts', operation: 'GetCallerIdentity', account: management, kind: 'drop', count: 1 });
  await expect(identity()).rejects.toThrow();
  await expect(identity()).resolves.toBeDefined();
  sandbox.faults.add({ service: 'iam', operation: 'CreateUser', kind: 'status', status: 502, after: true, count: 1 });
  const create = () => new IAMClient(at()).send(new CreateUserCommand({ UserName: 'lost' }));
  await expect(create()).rejects.toMatchObject({ $metadata: { httpStatusCode: 502 } });
  await expect(create()).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
});

test('a reset is a new world behind the same endpoint and the same keys', async () => {
  await start();
  const { endpoint, world } = sandbox;
  await new IAMClient(at()).send(new CreateUserCommand({ UserName: 'kim' }));
  await sandbox.reset();
  expect(sandbox.endpoint).toBe(endpoint);
  expect(sandbox.world).not.toBe(world);
  await new IAMClient(at()).send(new CreateUserCommand({ UserName: 'kim' }));
  expect(sandbox.calls()).toEqual([expect.objectContaining({ operation: 'CreateUser', count: 1 })]);
});

test('services assume roles that trust them, with permissions of their own', async () => {
  await start();
  const { world } = sandbox;
  const iam = new IAMClient(at());
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': management } },
    },
  ];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'fn', AssumeRolePolicyDocument }));
  const as = (principal: string, accountId = management) =>
    world.serviceCaller(principal, { accountId, arn: `arn:aws:lambda:us-east-1:${accountId}:function:f` });
  const caller = await world.assumeRole(Role?.Arn ?? '', 'f', as('lambda.amazonaws.com'), 'us-east-1');
  expect(caller.arn).toBe(`arn:aws:sts::${management}:assumed-role/fn/f`);
  expect(world.mintKeys(caller).accessKeyId).toBe(caller.accessKeyId);
  await expect(world.call('sqs', 'ListQueues', {}, { caller, region: 'us-east-1' })).rejects.toMatchObject({
    code: 'AccessDenied',
  });
  for (const stranger of [as('events.amazonaws.com'), as('lambda.amazonaws.com', member)]) {
    await expect(world.assumeRole(Role?.Arn ?? '', 'f', stranger, 'us-east-1')).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  }
});
