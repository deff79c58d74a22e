import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { apiCall, roleSession } from '../../detections/examples';
import type { AgainstReport } from '../../guardrails';
import { actionOf } from '../../guardrails/against/action';
import { run } from '../../scripts/garrison';
import { corpus } from '../detections/support';
import { temporaryFolder } from '../support/temporaryFolder';
import { everything, managementId, securityId } from './support';

const folder = temporaryFolder();
const files = ['--config', join(folder, 'garrison.yaml'), '--accounts', join(folder, 'accounts.csv')];
const account = '100000000011';

beforeAll(() => {
  const head = `managementAccount: "${managementId}"\nsecurityAccount: "${securityId}"\nhomeRegion: us-east-1\nregions: all\n`;
  writeFileSync(join(folder, 'garrison.yaml'), head + everything);
  const rows = [
    `${managementId},m@example.com,`,
    `${securityId},s@example.com,Security`,
    `${account},a@example.com,Work/Prod`,
  ];
  writeFileSync(join(folder, 'accounts.csv'), `accountId,email,ou\n${rows.join('\n')}\n`);
});

async function garrison(...argv: string[]) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => new PassThrough().on('data', (piece) => (texts[name] += piece));
  const [stdout, stderr] = [stream('stdout'), stream('stderr')];
  const code = await run([...argv, ...files], { stdout, stderr, stdin: Readable.from(['']), env: {} });
  return { code, ...texts };
}

let written = 0;

async function against(records: readonly object[], ...options: string[]): Promise<AgainstReport> {
  written += 1;
  const file = join(folder, `log-${written}.json`);
  writeFileSync(file, JSON.stringify({ Records: records }));
  const { stdout } = await garrison('guardrails', 'against', file, '--json', ...options);
  return JSON.parse(stdout);
}

/** What each guardrail would have done: `stopped` and `unknown` calls, by its id. */
async function verdicts(records: readonly object[], ...options: string[]) {
  const { guardrails } = await against(records, ...options);
  const sum = (rows: readonly { calls: number }[]) => rows.reduce((total, { calls }) => total + calls, 0);
  return Object.fromEntries(
    guardrails
      .map(({ id, stopped, unknown }) => [id, [sum(stopped), sum(unknown)] as const] as const)
      .filter(([, [stopped, unknown]]) => stopped + unknown > 0),
  );
}

const person = {
  ...roleSession('Admin', 'alice'),
  accountId: account,
  arn: `arn:aws:sts::${account}:assumed-role/Admin/alice`,
  sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/Admin`, accountId: account } },
};
const here = { awsRegion: 'us-east-1', recipientAccountId: account, userIdentity: person };

const call = (source: string, name: string, more: object = {}) =>
  apiCall(`${source}.amazonaws.com`, name, { ...here, ...more });

const as = (arn: string, more: object = {}) => ({
  userIdentity: { ...person, sessionContext: { sessionIssuer: { arn, accountId: account } }, ...more },
});

test.each<[string, object, Record<string, readonly [number, number]>]>([
  ['an administrator stops a trail', call('cloudtrail', 'StopLogging'), { 'keep-cloudtrail': [1, 0] }],
  ['it was refused anyway', call('cloudtrail', 'StopLogging', { errorCode: 'AccessDenied' }), {}],
  [
    'Garrison’s operator updates a detector',
    call('guardduty', 'UpdateDetector', as(`arn:aws:iam::${securityId}:role/GarrisonOperator`)),
    {},
  ],
  [
    'the operator’s name in another account is no operator',
    call('guardduty', 'UpdateDetector', as(`arn:aws:iam::${account}:role/GarrisonOperator`)),
    { 'keep-guardduty': [1, 0] },
  ],
  ['the exempt role', call('config', 'StopConfigurationRecorder', as(`arn:aws:iam::${account}:role/BreakGlass`)), {}],
  [
    'a service-linked role',
    call('config', 'DeleteConfigRule', as(`arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/X`)),
    {},
  ],
  [
    'a service',
    call('config', 'DeleteConfigRule', { userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } }),
    {},
  ],
  [
    'the management account',
    call('guardduty', 'DeleteDetector', as(`arn:aws:iam::${managementId}:role/Admin`, { accountId: managementId })),
    {},
  ],
  [
    'a caller of another account, whose own log tells',
    call('s3', 'DeleteBucketPolicy', { userIdentity: { type: 'AWSAccount', accountId: account, principalId: 'X' } }),
    {},
  ],
  [
    'a function of Garrison’s, with the version that Lambda writes',
    call('lambda', 'UpdateFunctionCode20150331v2', { requestParameters: { functionName: 'garrison-notifier' } }),
    { 'keep-garrison': [1, 0] },
  ],
  [
    'a function of somebody’s',
    call('lambda', 'UpdateFunctionCode20150331v2', { requestParameters: { functionName: 'mine' } }),
    {},
  ],
  [
    'a function by its ARN',
    call('lambda', 'DeleteFunction20150331', {
      requestParameters: { functionName: `arn:aws:lambda:us-east-1:${account}:function:garrison-x` },
    }),
    { 'keep-garrison': [1, 0] },
  ],
  [
    'a role of an exempt name is created',
    call('iam', 'CreateRole', { requestParameters: { roleName: 'BreakGlass' } }),
    { 'keep-garrison': [1, 0] },
  ],
  [
    'a queue by its address',
    call('sqs', 'PurgeQueue', {
      requestParameters: { queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/garrison-alerts` },
    }),
    { 'keep-garrison': [1, 0] },
  ],
  [
    'a rule of Garrison’s bus',
    call('events', 'RemoveTargets', { requestParameters: { rule: 'x', eventBusName: 'garrison' } }),
    { 'keep-garrison': [1, 0] },
  ],
  [
    'logs, under the permission’s own name',
    call('s3', 'PutBucketLifecycle', { requestParameters: { bucketName: 'organization-logs' } }),
    { 'keep-cloudtrail': [1, 0] },
  ],
  [
    'a version of a logged object',
    call('s3', 'DeleteObject', { requestParameters: { bucketName: 'organization-logs', key: 'a/b', versionId: '1' } }),
    { 'keep-cloudtrail': [1, 0] },
  ],
  [
    'a key of which the log does not tell the tags',
    call('kms', 'DisableKey', { requestParameters: { keyId: '1' } }),
    { 'keep-garrison': [0, 1] },
  ],
  [
    'a key of which an enriched trail does',
    call('kms', 'DisableKey', { eventContext: { tagContext: { resourceTags: [{ arn: 'x', tags: { team: 'a' } }] } } }),
    {},
  ],
  [
    'the root user',
    call('s3', 'ListBuckets', {
      userIdentity: { type: 'Root', accountId: account, arn: `arn:aws:iam::${account}:root` },
    }),
    { 'root-user': [1, 0] },
  ],
  [
    'a privileged root session',
    call('s3', 'DeleteBucketPolicy', {
      requestParameters: { bucketName: 'locked' },
      userIdentity: {
        type: 'Root',
        accountId: account,
        arn: `arn:aws:iam::${account}:root`,
        sessionContext: { assumedRoot: 'true' },
      },
    }),
    {},
  ],
  ['a region that is not used', call('sqs', 'CreateQueue', { awsRegion: 'ap-south-1' }), { 'unused-regions': [1, 0] }],
  ['a global service there', call('iam', 'GetRole', { awsRegion: 'ap-south-1' }), {}],
])('%s', async (_, record, expected) => {
  expect(await verdicts([record])).toEqual(expected);
});

describe('networks', () => {
  const alice = { type: 'IAMUser', accountId: account, arn: `arn:aws:iam::${account}:user/alice` };
  const from = (sourceIPAddress: string, more: object = {}) =>
    call('sqs', 'ListQueues', { userIdentity: alice, sourceIPAddress, ...more });

  test.each<[string, object, readonly [number, number] | undefined]>([
    ['a listed address', from('198.51.100.7'), undefined],
    ['a listed address of version 6', from('2001:db8::7'), undefined],
    ['another address', from('203.0.113.7'), [1, 0]],
    [
      'a VPC endpoint: the log does not tell the VPC',
      from('10.0.0.7', { vpcEndpointId: 'vpce-0123456789abcdef0' }),
      [0, 1],
    ],
    [
      'a service that goes on with a person’s credentials',
      from('cloudformation.amazonaws.com', { userIdentity: { ...alice, invokedBy: 'cloudformation.amazonaws.com' } }),
      undefined,
    ],
    ['a role of a function', call('sqs', 'ListQueues', { sourceIPAddress: '203.0.113.7' }), undefined],
  ])('%s', async (_, record, expected) => {
    expect((await verdicts([record]))['listed-networks']).toEqual(expected);
  });
});

describe('instances', () => {
  const start = (imageId: string, httpTokens?: string) =>
    call('ec2', 'RunInstances', {
      requestParameters: { instancesSet: { items: [{ imageId, minCount: 1 }] } },
      responseElements: {
        instancesSet: {
          items: [{ instanceId: 'i-1', imageId, ...(httpTokens ? { metadataOptions: { httpTokens } } : {}) }],
        },
      },
    });

  test('an approved image with IMDSv2 passes; of another the owner is unknown; IMDSv1 is stopped', async () => {
    expect(await verdicts([start('ami-0123456789abcdef0', 'required')])).toEqual({});
    expect(await verdicts([start('ami-0bbbbbbbbbbbbbbbb', 'required')])).toEqual({ 'approved-images': [0, 1] });
    expect(await verdicts([start('ami-0123456789abcdef0', 'optional')])).toEqual({ 'instance-metadata': [1, 0] });
    expect(await verdicts([start('ami-0123456789abcdef0')])).toEqual({ 'instance-metadata': [0, 1] });
  });
});

describe('the report', () => {
  test('counts by principal and action, with first, last and examples', async () => {
    const times = ['2026-11-03T10:00:00Z', '2026-11-01T10:00:00Z', '2026-11-02T10:00:00Z', '2026-11-04T10:00:00Z'];
    const records = times.map((eventTime, index) =>
      call('cloudtrail', 'StopLogging', { eventTime, eventID: `e${index}` }),
    );
    const { judged, since, until, guardrails } = await against(records);
    expect({ judged, since, until }).toEqual({ judged: 4, since: times[1], until: times[3] });
    const [row, ...others] = guardrails.find(({ id }) => id === 'keep-cloudtrail')?.stopped ?? [];
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      principal: `arn:aws:iam::${account}:role/Admin`,
      accountId: account,
      action: 'cloudtrail:StopLogging',
      calls: 4,
      first: times[1],
      last: times[3],
    });
    expect(row?.examples).toHaveLength(3);
  });

  test('--in counts one unit or account, --only tries a guardrail, --since leaves out what is older', async () => {
    const records = [call('cloudtrail', 'StopLogging', { eventTime: '2026-11-01T10:00:00Z' })];
    expect(await verdicts(records, '--in', 'Work')).toEqual({ 'keep-cloudtrail': [1, 0] });
    expect(await verdicts(records, '--in', 'Security')).toEqual({});
    expect(await verdicts(records, '--only', 'keep-config', 'keep-cloudtrail')).toEqual({ 'keep-cloudtrail': [1, 0] });
    expect(await verdicts(records, '--since', '2026-11-02')).toEqual({});
    expect((await garrison('guardrails', 'against', folder, '--in', 'Work/Prd', '--json')).stdout).toContain(
      'Did you mean Work/Prod?',
    );
  });

  test('folders and packed files are read, broken ones told, and text never commands the terminal', async () => {
    const logs = join(folder, 'logs', '2026');
    mkdirSync(logs, { recursive: true });
    const evil = as(`arn:aws:iam::${account}:role/A\u001b[2J`);
    writeFileSync(
      join(logs, 'a.json.gz'),
      gzipSync(JSON.stringify({ Records: [call('cloudtrail', 'DeleteTrail', evil)] })),
    );
    writeFileSync(join(logs, 'b.json'), '{"Records":[{"eventName":');
    const { code, stdout, stderr } = await garrison('guardrails', 'against', join(folder, 'logs'));
    expect(code).toBe(0);
    expect(stdout).toContain('would have stopped 1 call of 1 principal');
    expect(stdout).toContain('role/A?[2J');
    expect(stdout).not.toContain('\u001b[2J');
    expect(stderr).toMatch(/b\.json: passed over/);
  });

  test('nothing to read is no all-clear', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(JSON.parse((await garrison('guardrails', 'against', join(folder, 'empty'), '--json')).stdout)).toMatchObject(
      { ok: false, errors: [{ code: 'hunt.empty' }] },
    );
    expect(
      JSON.parse((await garrison('guardrails', 'against', join(folder, 'nowhere'), '--json')).stdout),
    ).toMatchObject({ ok: false, errors: [{ code: 'file.unreadable' }] });
  });

  test('real records of many services are judged without a fault', async () => {
    const { records, judged, broken } = await against(corpus.map(({ record }) => record));
    expect({ records, broken }).toEqual({ records: corpus.length, broken: [] });
    expect(judged).toBeGreaterThan(20);
  });
});

test('event names are the actions that IAM knows', () => {
  const action = (source: string, name: string) => actionOf(call(source, name) as Record<string, unknown>);
  expect(action('monitoring', 'PutMetricAlarm')).toBe('cloudwatch:PutMetricAlarm');
  expect(action('cloudfront', 'CreateDistribution2020_05_31')).toBe('cloudfront:CreateDistribution');
  expect(action('s3', 'DeleteObjects')).toBe('s3:DeleteObject');
  expect(action('signin', 'ConsoleLogin')).toBeUndefined();
});
