import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';
import { zip } from '../zip';

const central = '111111111111';
const member = '222222222222';
let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await createSandbox({
    accounts: [
      { id: central, email: 'central@example.com' },
      { id: member, email: 'member@example.com' },
    ],
  });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

function settings(
  region: string,
  credentials = sandbox.management as { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
) {
  return { region, endpoint: sandbox.endpoint, credentials };
}

async function asMember() {
  const { Credentials } = await new STSClient(settings('us-east-1')).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'test',
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  };
}

const allow = (principal: object, action: string, resource: string, condition?: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal,
        Action: action,
        Resource: resource,
        ...(condition ? { Condition: condition } : {}),
      },
    ],
  });

async function queue(name: string, region = 'us-east-1', policy = true): Promise<{ url: string; arn: string }> {
  const sqs = new SQSClient(settings(region));
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const arn = `arn:aws:sqs:${region}:${central}:${name}`;
  if (policy) {
    const Policy = allow({ Service: 'events.amazonaws.com' }, 'sqs:SendMessage', arn);
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
  }
  return { url, arn };
}

async function received(url: string, region = 'us-east-1') {
  await sandbox.world.idle();
  const sqs = new SQSClient(settings(region));
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return answer.Messages ?? [];
}

const detail = { text: 'say "hi"', list: [1, 2], nested: { a: 1 } };

async function deliverThrough(target: Partial<Target>): Promise<string | undefined> {
  const events = new EventBridgeClient(settings('us-east-1'));
  const { url, arn } = await queue('q');
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }));
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: '1', Arn: arn, ...target }] }));
  await events.send(
    new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'kind', Detail: JSON.stringify(detail) }] }),
  );
  return (await received(url))[0]?.Body;
}

test('a target receives the whole event', async () => {
  const event = JSON.parse((await deliverThrough({})) ?? '');
  expect(event).toMatchObject({
    version: '0',
    source: 'app',
    'detail-type': 'kind',
    account: central,
    region: 'us-east-1',
    resources: [],
    detail,
  });
  expect(event.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('a target receives the part that its path names, or a constant', async () => {
  expect(await deliverThrough({ InputPath: '$.detail.nested' })).toBe('{"a":1}');
  await sandbox.reset();
  expect(await deliverThrough({ Input: '{"x": 1}' })).toBe('{"x": 1}');
});

test('an input transformer quotes strings outside quotes and not inside', async () => {
  const body = await deliverThrough({
    InputTransformer: {
      InputPathsMap: { text: '$.detail.text', list: '$.detail.list', nested: '$.detail.nested', none: '$.detail.none' },
      InputTemplate:
        '{"plain": <text>, "inside": "it is <text> and <nested>", "list": <list>, "none": <none>, "rule": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "event": <aws.events.event.json>}',
    },
  });
  expect(JSON.parse(body ?? '')).toMatchObject({
    plain: 'say "hi"',
    inside: 'it is say "hi" and {a:1}',
    list: [1, 2],
    none: '',
    rule: `arn:aws:events:us-east-1:${central}:rule/r`,
    name: 'r',
    event: { source: 'app', detail },
  });
});

test('a template of text stays text, quotes and all', async () => {
  const InputTransformer = { InputPathsMap: { list: '$.detail.list' }, InputTemplate: '"first <list>"\n"second"' };
  expect(await deliverThrough({ InputTransformer })).toBe('"first [1,2]"\n"second"');
});

test('a queue that does not admit the rule sends the event to the dead-letter queue at once', async () => {
  const events = new EventBridgeClient(settings('us-east-1'));
  const [closed, dead] = [await queue('closed', 'us-east-1', false), await queue('dead')];
  const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }));
  await events.send(
    new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: '1', Arn: closed.arn, DeadLetterConfig: { Arn: dead.arn } }] }),
  );
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'kind', Detail: '{}' }] }));
  const [message] = await received(dead.url);
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ source: 'app' });
  expect(message?.MessageAttributes).toMatchObject({
    RULE_ARN: { StringValue: RuleArn },
    TARGET_ARN: { StringValue: closed.arn },
    ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
  });
  expect(await received(closed.url)).toEqual([]);
});

async function forward(policy: string | undefined, withRole: boolean): Promise<string[]> {
  const home = new EventBridgeClient(settings('eu-west-1'));
  const { EventBusArn } = await home.send(new CreateEventBusCommand({ Name: 'central' }));
  if (policy) {
    await home.send(new PutPermissionCommand({ EventBusName: 'central', Policy: policy }));
  }
  const { url, arn } = await queue('alerts', 'eu-west-1');
  await home.send(
    new PutRuleCommand({ Name: 'in', EventBusName: 'central', EventPattern: `{"account":["${member}"]}` }),
  );
  await home.send(new PutTargetsCommand({ Rule: 'in', EventBusName: 'central', Targets: [{ Id: '1', Arn: arn }] }));
  const credentials = await asMember();
  const iam = new IAMClient(settings('us-east-1', credentials));
  const trust = allow({ Service: 'events.amazonaws.com' }, 'sts:AssumeRole', '*').replace(',"Resource":"*"', '');
  await iam.send(new CreateRoleCommand({ RoleName: 'forward', AssumeRolePolicyDocument: trust }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: EventBusArn }],
  });
  if (withRole) {
    await iam.send(new PutRolePolicyCommand({ RoleName: 'forward', PolicyName: 'p', PolicyDocument }));
  }
  const away = new EventBridgeClient(settings('us-east-1', credentials));
  await away.send(new PutRuleCommand({ Name: 'out', EventPattern: '{"source":["app"]}' }));
  await away.send(
    new PutTargetsCommand({
      Rule: 'out',
      Targets: [{ Id: '1', Arn: EventBusArn, RoleArn: `arn:aws:iam::${member}:role/forward` }],
    }),
  );
  await away.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'kind', Detail: '{}' }] }));
  return (await received(url, 'eu-west-1')).map((message) => JSON.parse(message.Body ?? '').region);
}

const busArn = `arn:aws:events:eu-west-1:${central}:event-bus/central`;
const membersOnly = allow({ AWS: '*' }, 'events:PutEvents', busArn, {
  StringEquals: { 'aws:PrincipalAccount': member },
});

test('events cross accounts and regions when role and bus policy both allow it', async () => {
  expect(await forward(membersOnly, true)).toEqual(['us-east-1']);
});

test('events stay behind when the bus or the role does not allow it', async () => {
  expect(await forward(undefined, true)).toEqual([]);
  await sandbox.reset();
  expect(await forward(membersOnly, false)).toEqual([]);
});

test('each entry is accepted or refused by itself', async () => {
  const events = new EventBridgeClient(settings('us-east-1'));
  const answer = await events.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'app', DetailType: 'kind', Detail: '{}' },
        { Source: 'aws.ec2', DetailType: 'kind', Detail: '{}' },
        { Source: 'app', DetailType: 'kind', Detail: 'no' },
        { Source: 'app', Detail: '{}' },
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(3);
  const codes = answer.Entries?.map((entry) => entry.ErrorCode);
  expect(codes).toEqual([undefined, 'NotAuthorizedForSourceException', 'MalformedDetail', 'InvalidArgument']);
});

test('rules are refused for the reasons of EventBridge', async () => {
  const events = new EventBridgeClient(settings('us-east-1'));
  await expect(events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":"app"}' }))).rejects.toMatchObject({
    name: 'InvalidEventPatternException',
  });
  await expect(
    events.send(new PutRuleCommand({ Name: 'r', ScheduleExpression: 'rate(1 minutes)' })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  await events.send(new PutRuleCommand({ Name: 'r', ScheduleExpression: 'cron(0 12 ? * MON-FRI *)' }));
  const far = `arn:aws:events:eu-west-1:${central}:event-bus/default`;
  await expect(
    events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: '1', Arn: far }] })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a function is invoked when its policy admits the rule, and a topic when its own does', async () => {
  const iam = new IAMClient(settings('us-east-1'));
  const trust = allow({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole', '*').replace(',"Resource":"*"', '');
  await iam.send(new CreateRoleCommand({ RoleName: 'fn', AssumeRolePolicyDocument: trust }));
  const lambda = new LambdaClient(settings('us-east-1'));
  const hook = `${sandbox.endpoint}/_slack/services/T1/B1/x`;
  const source = `exports.handler = (event) => fetch('${hook}', { method: 'POST', body: JSON.stringify({ text: event.id }) }).then(() => 1);`;
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'fn',
      Role: `arn:aws:iam::${central}:role/fn`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.js': source }) },
    }),
  );
  const { TopicArn } = await new SNSClient(settings('us-east-1')).send(new CreateTopicCommand({ Name: 't' }));
  const events = new EventBridgeClient(settings('us-east-1'));
  const dead = await queue('dead');
  const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }));
  const DeadLetterConfig = { Arn: dead.arn };
  const Targets = [FunctionArn, TopicArn].map((Arn, index) => ({ Id: String(index), Arn, DeadLetterConfig }));
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets }));
  const put = new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'kind', Detail: '{}' }] });
  await events.send(put);
  const refused = (await received(dead.url)).map((message) => message.MessageAttributes?.TARGET_ARN?.StringValue);
  expect(refused.sort()).toEqual([FunctionArn, TopicArn]);
  const permission = {
    FunctionName: 'fn',
    StatementId: 's',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
  };
  await lambda.send(new AddPermissionCommand({ ...permission, SourceArn: RuleArn }));
  await events.send(put);
  await sandbox.world.idle();
  expect(await (await fetch(`${sandbox.endpoint}/_slack/messages`)).json()).toHaveLength(1);
});

test('a pattern that is none is refused in EventBridge’s words, said once', async () => {
  const events = new EventBridgeClient(settings('us-east-1'));
  await expect(events.send(new PutRuleCommand({ Name: 'rule', EventPattern: '{"source":"a"}' }))).rejects.toMatchObject(
    {
      name: 'InvalidEventPatternException',
      message: expect.stringMatching(
        /^Event pattern is not valid\. Reason: "source" must be an object or an array\n at /,
      ),
    },
  );
});
