import { CreateTableCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { zipFiles } from '../../cloudformation/zip';
import type { NotifierSettings } from '../../notifier/settings';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { notifierCode } from '../../stacks/alerts/notifierCode';
import { settingsFile } from '../../stacks/functions/bundle';
import { settingsOf } from './settings';

const account = '100000000002';
const region = 'us-east-1';
const parameter = '/garrison/slack/secret';

/** A message as the local Slack keeps it. */
export interface ReceivedMessage {
  readonly via: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly channel: string;
  /** Accepted, and the connection dropped. */
  readonly dropped?: boolean;
  readonly payload: {
    readonly text?: string;
    readonly attachments?: unknown[];
    readonly files?: readonly { readonly url_private: string }[];
  };
}

/** The notifier as it is deployed: queues, table, role, secret, function with its real bundles, event source mapping. */
export class DeployedNotifier {
  private constructor(
    readonly sandbox: RunningSandbox,
    private readonly queues: { readonly alerts: string; readonly deadLetters: string },
    private readonly sqs: SQSClient,
  ) {}

  static async start(way: 'webhook' | 'bot', notifier: object = {}): Promise<DeployedNotifier> {
    const sandbox = await createSandbox({ accounts: [{ id: account, email: 'aws@example.com' }] });
    const client = { region, endpoint: sandbox.endpoint, credentials: sandbox.security };
    const slack =
      way === 'webhook'
        ? { webhookParameter: parameter }
        : { botToken: { parameter }, channel: 'C0ALERTS01', apiUrl: `${sandbox.endpoint}/_slack/api` };
    const secret = way === 'webhook' ? `${sandbox.endpoint}/_slack/services/T0SECURE/B0ALERTS/hook` : 'xoxb-garrison';
    await new SSMClient(client).send(new PutParameterCommand({ Name: parameter, Type: 'SecureString', Value: secret }));
    await new DynamoDBClient(client).send(
      new CreateTableCommand({
        TableName: 'garrison-alerts',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const sqs = new SQSClient(client);
    const queues = await createQueues(sqs);
    const role = await createRole(new IAMClient(client));
    await createFunction(
      new LambdaClient(client),
      role,
      settingsOf({ minimumSeverity: 1, ...notifier, slack }, { tableName: 'garrison-alerts' }),
    );
    return new DeployedNotifier(sandbox, queues, sqs);
  }

  async put(events: readonly unknown[]): Promise<void> {
    for (let start = 0; start < events.length; start += 10) {
      const Entries = events.slice(start, start + 10).map((event, index) => ({
        Id: String(index),
        MessageBody: typeof event === 'string' ? event : JSON.stringify(event),
      }));
      await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queues.alerts, Entries }));
    }
  }

  /** How the local Slack misbehaves. */
  async slack(settings: object): Promise<void> {
    await fetch(`${this.sandbox.endpoint}/_slack/settings`, { method: 'POST', body: JSON.stringify(settings) });
  }

  async messages(): Promise<readonly ReceivedMessage[]> {
    return (await (await fetch(`${this.sandbox.endpoint}/_slack/messages`)).json()) as ReceivedMessage[];
  }

  /** What was uploaded to the local Slack. */
  async files(): Promise<readonly string[]> {
    const addresses = (await this.messages())
      .flatMap(({ payload }) => payload.files ?? [])
      .map((file) => file.url_private);
    const found: string[] = [];
    for (const address of addresses) {
      found.push(await (await fetch(address)).text());
    }
    return found;
  }

  /** Messages that wait or are being worked on, in the alert queue and in the dead-letter queue. */
  async waiting(): Promise<{ readonly alerts: number; readonly deadLetters: number }> {
    const [alerts, deadLetters] = await Promise.all([
      this.depth(this.queues.alerts),
      this.depth(this.queues.deadLetters),
    ]);
    return { alerts, deadLetters };
  }

  /** Resolves when no more than `rest` messages are in the alert queue; rejects after so many seconds. */
  async untilEmpty(seconds: number, rest = 0): Promise<void> {
    const end = Date.now() + seconds * 1_000;
    while ((await this.waiting()).alerts > rest) {
      if (Date.now() > end) {
        throw new Error(`the queue still holds ${JSON.stringify(await this.waiting())}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** How each finding was announced, by its id: what the alert table says. */
  async records(): Promise<ReadonlyMap<string, string>> {
    const table = new DynamoDBClient({ region, endpoint: this.sandbox.endpoint, credentials: this.sandbox.security });
    const found = new Map<string, string>();
    for await (const { Items = [] } of paginateScan({ client: table }, { TableName: 'garrison-alerts' })) {
      for (const { id, as } of Items.filter((item) => item.id?.S?.startsWith('finding#'))) {
        found.set(id?.S?.split('#')[3] ?? '', as?.S ?? '');
      }
    }
    return found;
  }

  close(): Promise<void> {
    this.sqs.destroy();
    return this.sandbox.close();
  }

  private async depth(QueueUrl: string): Promise<number> {
    const names = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ] as const;
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }
}

async function createQueues(sqs: SQSClient) {
  const deadLetters =
    (await sqs.send(new CreateQueueCommand({ QueueName: 'garrison-alerts-dead-letter' }))).QueueUrl ?? '';
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: arn('sqs', 'garrison-alerts-dead-letter'),
    maxReceiveCount: 100,
  });
  const Attributes = { VisibilityTimeout: '180', RedrivePolicy };
  const alerts = (await sqs.send(new CreateQueueCommand({ QueueName: 'garrison-alerts', Attributes }))).QueueUrl ?? '';
  return { alerts, deadLetters };
}

/** What the deployed role may do (stacks/alerts/notifier.ts), and no more. */
async function createRole(iam: IAMClient): Promise<string> {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const statements = [
    [
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      arn('sqs', 'garrison-alerts'),
    ],
    [['dynamodb:GetItem', 'dynamodb:PutItem'], arn('dynamodb', 'table/garrison-alerts')],
    [['ssm:GetParameter'], arn('ssm', `parameter${parameter}`)],
    [['kms:Decrypt'], '*'],
    [['logs:*'], '*'],
  ].map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
  const document = (Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'notifier', AssumeRolePolicyDocument: document([trust]) }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'notifier', PolicyName: 'notifier', PolicyDocument: document(statements) }),
  );
  return Role?.Arn ?? '';
}

async function createFunction(lambda: LambdaClient, Role: string, settings: NotifierSettings): Promise<void> {
  const code = { ...notifierCode(settings, { detections: true, followUps: true }), ...settingsFile(settings) };
  const files = Object.entries(code).map(([name, text]) => [name, Buffer.from(text)] as const);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'garrison-notifier',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role,
      Timeout: 30,
      Code: { ZipFile: zipFiles(files) },
    }),
  );
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'garrison-notifier',
      EventSourceArn: arn('sqs', 'garrison-alerts'),
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    }),
  );
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
