import { watchers } from '../../detections/engine';
import { apiCall, root, signIn } from '../../detections/examples';
import { announcedFiles, UnreadableAnnouncement } from '../../detections/logFile/announcements';
import { confirmationAddress } from '../../detections/logFile/confirmation';
import { type LogFilePorts, processLogFile } from '../../detections/logFile/process';
import { accountWatchers } from '../../detections/logFile/settings';

const file = {
  bucket: 'trail',
  key: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/x.json.gz',
  version: 'abc',
};

/** A bucket, table and queue in memory. */
function ports(records: readonly unknown[]) {
  const [sent, done, taken] = [[] as string[], new Set<string>(), new Set<string>()];
  const memory: LogFilePorts & { sent: string[] } = {
    sent,
    open: async () =>
      (async function* () {
        yield Buffer.from(JSON.stringify({ Records: records }));
      })(),
    version: async () => 'abc',
    claim: async (id) => (done.has(id) ? 'done' : taken.has(id) ? 'busy' : taken.add(id) && 'yours'),
    finish: async (id) => void done.add(id),
    release: async (id) => void taken.delete(id),
    send: async (bodies) => void sent.push(...bodies),
  };
  return memory;
}

const assumed = apiCall('sts.amazonaws.com', 'AssumeRole', {
  requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/Administrator', roleSessionName: 'alice' },
  responseElements: { credentials: { sessionToken: 'SECRET' } },
});

test('a delivered file is run through the catalog once, however often it is announced', async () => {
  const memory = ports([signIn({ userIdentity: root }), apiCall('ec2.amazonaws.com', 'DescribeInstances'), assumed]);
  expect(await processLogFile(file, watchers(), memory)).toEqual({ kind: 'processed', records: 3, alerts: 4 });
  expect(await processLogFile(file, watchers(), memory)).toEqual({ kind: 'known' });
  expect(memory.sent.map((body) => JSON.parse(body).detection.id).sort()).toEqual([
    'console-sign-in',
    'privileged-role-used',
    'root-activity',
    'root-sign-in',
  ]);
});

test('a file whose processing failed is taken again', async () => {
  const memory = ports([signIn({ userIdentity: root })]);
  const failing = { ...memory, send: async () => Promise.reject(new Error('throttled')) };
  await expect(processLogFile(file, watchers(), failing)).rejects.toThrow('throttled');
  expect(await processLogFile(file, watchers(), memory)).toMatchObject({ kind: 'processed' });
});

test('no credentials reach the queue', async () => {
  const memory = ports([assumed, { ...assumed, userIdentity: root }]);
  await processLogFile(file, watchers(), memory);
  expect(memory.sent.length).toBeGreaterThan(0);
  expect(memory.sent.join()).not.toContain('SECRET');
});

test('what counts goes to the queue for the notifier to count, as much of it as decides', async () => {
  const failures = (userName: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      signIn(
        {
          userIdentity: { type: 'IAMUser', accountId: '111122223333', userName },
          eventTime: `2026-11-20T09:${String(index % 60).padStart(2, '0')}:00Z`,
        },
        'Failure',
      ),
    );
  const memory = ports([...failures('alice', 60), ...failures('bob', 4)]);
  await processLogFile(file, watchers(), memory);
  const bodies = memory.sent.map((body) => JSON.parse(body));
  const sentOf = (name: string) => bodies.filter(({ event }) => event.detail.userIdentity.userName === name).length;
  expect([sentOf('alice'), sentOf('bob')]).toEqual([9, 4]);
  expect(bodies[0].detection.threshold).toEqual({
    count: 5,
    windowSeconds: 900,
    by: ['detail.recipientAccountId', 'detail.userIdentity.userName'],
  });
});

describe('announcements', () => {
  const key = 'AWSLogs/1/CloudTrail/eu-west-1/a b=.json.gz';
  const s3 = (name: string) => ({
    Records: [{ s3: { bucket: { name: 'trail' }, object: { key: name, eTag: 'abc' } } }],
  });
  const announced = { bucket: 'trail', key, version: 'abc' };

  test.each<[string, unknown, unknown]>([
    ['by S3', s3('AWSLogs/1/CloudTrail/eu-west-1/a+b%3D.json.gz'), [announced]],
    [
      'by S3 through a topic',
      { Type: 'Notification', Message: JSON.stringify(s3('AWSLogs/1/CloudTrail/eu-west-1/a+b%3D.json.gz')) },
      [announced],
    ],
    ['by CloudTrail', { s3Bucket: 'trail', s3ObjectKey: [key, key] }, Array(2).fill({ ...announced, version: '' })],
    [
      'by EventBridge',
      { 'detail-type': 'Object Created', detail: { bucket: { name: 'trail' }, object: { key, etag: 'abc' } } },
      [announced],
    ],
    ['a digest', s3('AWSLogs/1/CloudTrail-Digest/a.json.gz'), []],
    ['S3’s test', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'trail' }, []],
  ])('%s', (_, message, files) => {
    expect(announcedFiles(JSON.stringify(message))).toEqual(files);
  });

  test('what is no JSON stays in the queue', () => {
    expect(() => announcedFiles('x')).toThrow(UnreadableAnnouncement);
  });
});

test('one content is processed once, in whichever way it is announced', async () => {
  const memory = ports([signIn({ userIdentity: root })]);
  await processLogFile(file, watchers(), memory);
  expect(await processLogFile({ ...file, version: '' }, watchers(), memory)).toEqual({ kind: 'known' });
});

test('accounts keep their own settings', async () => {
  const all = accountWatchers([
    { id: 'unapproved-image', settings: { images: ['ami-1'] } },
    { id: 'unapproved-image', settings: { images: ['ami-2'] }, accountIds: ['111122223333'] },
  ]);
  const started = (recipientAccountId: string, imageId: string) =>
    apiCall('ec2.amazonaws.com', 'RunInstances', {
      recipientAccountId,
      responseElements: { instancesSet: { items: [{ imageId }] } },
    });
  const memory = ports([
    started('111122223333', 'ami-1'),
    started('111122223333', 'ami-2'),
    started('444455556666', 'ami-1'),
    started('444455556666', 'ami-2'),
  ]);
  await processLogFile(file, all, memory);
  expect(
    memory.sent
      .map((body) => JSON.parse(body).event.detail)
      .map(({ recipientAccountId, responseElements }) => [
        recipientAccountId,
        responseElements.instancesSet.items[0].imageId,
      ]),
  ).toEqual([
    ['111122223333', 'ami-1'],
    ['444455556666', 'ami-2'],
  ]);
});

test('a subscription is agreed to where the topic is the one of the settings, and at SNS alone', () => {
  const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:trail';
  const message = (changes: object) =>
    JSON.stringify({
      Type: 'SubscriptionConfirmation',
      TopicArn,
      SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=abc`,
      ...changes,
    });
  expect(confirmationAddress(message({}), TopicArn)?.searchParams.get('Token')).toBe('abc');
  for (const body of [
    message({ Type: 'Notification' }),
    message({ TopicArn: `${TopicArn}-2` }),
    message({ SubscribeURL: 'https://sns.eu-west-1.amazonaws.com.example.com/?Action=ConfirmSubscription' }),
    message({ SubscribeURL: 'http://169.254.169.254/?Action=ConfirmSubscription' }),
    message({ SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic' }),
    message({ SubscribeURL: 7 }),
    'no JSON',
  ]) {
    expect(confirmationAddress(body, TopicArn)).toBeUndefined();
  }
  expect(confirmationAddress(message({}), undefined)).toBeUndefined();
});
