import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

let sandbox: RunningSandbox;
let sqs: SQSClient;
let seconds = 0;
const arn = (name: string) => `arn:aws:sqs:us-east-1:111111111111:${name}`;

beforeAll(async () => {
  const clock = () => new Date(Date.now() + seconds * 1000);
  sandbox = await createSandbox({ accounts: [{ id: '111111111111', email: 'a@example.com' }], clock });
  sqs = new SQSClient({ region: 'us-east-1', endpoint: sandbox.endpoint, credentials: sandbox.management });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

async function create(name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return QueueUrl;
}

const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

async function receive(QueueUrl: string, more: object = {}) {
  const input = { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All' as const], ...more };
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

test('a received message is hidden until its visibility timeout ends, and then comes again', async () => {
  const url = await create('q', { VisibilityTimeout: '30' });
  await send(url, 'one');
  expect(await receive(url)).toHaveLength(1);
  expect(await receive(url)).toHaveLength(0);
  seconds += 31;
  const [again] = await receive(url);
  expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }));
  seconds += 31;
  expect(await receive(url)).toHaveLength(0);
});

test('a message that was received too often goes to the dead-letter queue, and back on request', async () => {
  const dead = await create('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 2 });
  const url = await create('q', { VisibilityTimeout: '0', RedrivePolicy });
  await send(url, 'poison');
  expect([(await receive(url)).length, (await receive(url)).length, (await receive(url)).length]).toEqual([1, 1, 0]);
  const [message] = await receive(dead, { VisibilityTimeout: 0 });
  expect(message?.Body).toBe('poison');
  expect(message?.Attributes?.DeadLetterQueueSourceArn).toBe(arn('q'));
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead') }));
  await sandbox.world.idle();
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['poison']);
});

test('a long poll ends when a message comes', async () => {
  const url = await create('q');
  const started = Date.now();
  const waiting = receive(url, { WaitTimeSeconds: 10 });
  await send(url, 'late');
  expect(await waiting).toHaveLength(1);
  expect(Date.now() - started).toBeLessThan(5000);
});

test('a FIFO queue keeps order within a group, one batch at a time, and drops duplicates', async () => {
  const url = await create('q.fifo', { FifoQueue: 'true' });
  for (const [body, group] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['b1', 'b'],
    ['a1', 'a'],
  ] as const) {
    await send(url, body, { MessageGroupId: group, MessageDeduplicationId: body });
  }
  const [first] = await receive(url, { MaxNumberOfMessages: 1 });
  expect(first?.Body).toBe('a1');
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['b1']);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['a2']);
});

test('a batch tells what succeeded and what did not', async () => {
  const url = await create('q');
  const Entries = [
    { Id: '1', MessageBody: 'good' },
    { Id: '2', MessageBody: 'bad \u0001' },
  ];
  const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['1']);
  expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidMessageContents', SenderFault: true }]);
});

test('errors have the names that clients know', async () => {
  const url = await create('q');
  await expect(receive(`${url}x`)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(create('q', { VisibilityTimeout: '99' })).rejects.toMatchObject({ name: 'QueueNameExists' });
  await expect(create('p', { VisibilityTimeout: 'x' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))).rejects.toMatchObject({
    name: 'EmptyBatchRequest',
  });
  const bad = new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: 'x', VisibilityTimeout: 1 });
  await expect(sqs.send(bad)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
});

test('attributes count what is there', async () => {
  const url = await create('q');
  await send(url, 'a');
  await send(url, 'b');
  await send(url, 'c', { DelaySeconds: 60 });
  await receive(url, { MaxNumberOfMessages: 1 });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({
    QueueArn: arn('q'),
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    VisibilityTimeout: '30',
    MessageRetentionPeriod: '345600',
  });
});
