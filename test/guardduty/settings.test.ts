import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateFilterCommand,
  CreateSampleFindingsCommand,
  DeleteFilterCommand,
  DeleteIPSetCommand,
  GetIPSetCommand,
  ListFiltersCommand,
  ListIPSetsCommand,
  ListPublishingDestinationsCommand,
  TagResourceCommand,
  UpdateFilterCommand,
  UpdateIPSetCommand,
} from '@aws-sdk/client-guardduty';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type DesiredGuard, desiredSettings } from '../../guardduty';
import { checkNames, parseConfig } from '../../organization/config';
import type { GarrisonErrors } from '../../organization/errors';
import { temporaryFolder } from '../support/temporaryFolder';
import { admitGuardDuty, makeExportPlace } from './exportPlace';
import { administratorId, detectorId, type Grounds, managementId, openGrounds, regions, run } from './organization';

let grounds: Grounds;
const folder = temporaryFolder();
const configFile = join(folder, 'garrison.yaml');
const bucket = `garrison-assets-${administratorId}-us-east-1`;

const top = `managementAccount: "${managementId}"\nsecurityAccount: "${administratorId}"\nhomeRegion: us-east-1\n`;
const full = `${top}guardduty:
  filters:
    - name: known-scanner
      description: Our own scanner
      rank: 1
      criteria:
        type: { equals: ["Recon:EC2/PortProbeUnprotectedPort"] }
        severity: { lessThan: 4 }
  trustedIpLists:
    - { name: offices, file: lists/offices.txt }
  threatLists:
    - { name: bad, file: lists/bad.txt, regions: [us-east-1] }
  publishingDestinations:
    - { bucketArn: "arn:aws:s3:::findings-of-ours", kmsKeyArn: "KEY" }
`;

let keyArn: string;
const wanted = (yaml: string): DesiredGuard =>
  grounds.desired({ settings: desiredSettings(parseConfig(yaml.replace('KEY', keyArn)), configFile) });

beforeAll(async () => {
  mkdirSync(join(folder, 'lists'));
  writeFileSync(join(folder, 'lists/offices.txt'), '192.0.2.0/24\n');
  writeFileSync(join(folder, 'lists/bad.txt'), '198.51.100.7\n');
  grounds = await openGrounds(1);
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  await run(grounds, grounds.desired());
  const s3 = grounds.sessions.administrator.client(S3Client, 'us-east-1');
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  keyArn = await makeExportPlace(grounds.sessions.administrator, 'findings-of-ours');
});

afterAll(() => grounds.sandbox.close());

const kindsIn = (planned: { changes: readonly { kind: string; region: string }[] }, region: string) =>
  planned.changes.filter((change) => change.region === region).map(({ kind }) => kind);

test('filters, lists and destinations are made in every region, and a second run has nothing to do', async () => {
  const first = await run(grounds, wanted(full));
  expect(first.outcome.failed).toEqual([]);
  expect(kindsIn(first.planned, 'us-east-1')).toEqual([
    ...['set-filter', 'set-list', 'set-list', 'set-destination'],
    'note-settings',
  ]);
  expect(kindsIn(first.planned, 'eu-west-1')).toEqual(['set-filter', 'set-list', 'set-destination', 'note-settings']);
  expect(first.again.changes).toEqual([]);

  const client = grounds.client(administratorId, 'eu-west-1');
  const DetectorId = await detectorId(client);
  const { IpSetIds: [IpSetId] = [] } = await client.send(new ListIPSetsCommand({ DetectorId }));
  const list = await client.send(new GetIPSetCommand({ DetectorId, IpSetId }));
  expect(list).toMatchObject({ Name: 'offices', Format: 'TXT', Tags: { garrison: 'list' } });
  const s3 = grounds.sessions.administrator.client(S3Client, 'us-east-1');
  const Key = list.Location?.split(`${bucket}/`)[1];
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  expect(await object.Body?.transformToString()).toBe('192.0.2.0/24\n');
});

test('a look costs one call for each setting, and one more a region', async () => {
  grounds.sandbox.clearCalls();
  const { planned } = await run(grounds, { ...wanted(full), members: [] });
  expect(planned.changes).toEqual([]);
  const counted = (region: string) => {
    // `run` looks twice.
    const own = grounds.sandbox.calls().filter((call) => call.region === region && call.service === 'guardduty');
    return Object.fromEntries(own.map(({ operation, count }) => [operation, count / 2]));
  };
  const base = { ListDetectors: 1, GetDetector: 1, ListMembers: 1, DescribeOrganizationConfiguration: 1 };
  const settings = { ListFilters: 1, GetFilter: 1, GetIPSet: 1, DescribePublishingDestination: 1 };
  expect(counted('eu-west-1')).toEqual({ ...base, ...settings });
  expect(counted('us-east-1')).toEqual({ ...base, ...settings, GetThreatIntelSet: 1 });
});

test('what the noted ids say is never trusted against what is there', async () => {
  const client = grounds.client(administratorId, 'us-east-1');
  const DetectorId = await detectorId(client);
  const { IpSetIds: [IpSetId] = [] } = await client.send(new ListIPSetsCommand({ DetectorId }));
  await client.send(new DeleteIPSetCommand({ DetectorId, IpSetId }));
  const gone = await run(grounds, wanted(full));
  expect(gone.planned.changes.map(({ kind }) => kind)).toEqual(['note-settings', 'set-list', 'note-settings']);
  expect(gone.again.changes).toEqual([]);

  const ResourceArn = `arn:aws:guardduty:us-east-1:${administratorId}:detector/${DetectorId}/filter/known-scanner`;
  await client.send(new TagResourceCommand({ ResourceArn, Tags: { 'garrison:threat': 'none' } }));
  const wrong = await run(grounds, wanted(full));
  expect(wrong.planned.changes.map(({ kind }) => kind)).toEqual(['note-settings']);
  expect(wrong.again.changes).toEqual([]);
});

test('drift by hand and another content of a file are seen and mended', async () => {
  const client = grounds.client(administratorId, 'eu-west-1');
  const DetectorId = await detectorId(client);
  await client.send(new UpdateFilterCommand({ DetectorId, FilterName: 'known-scanner', Action: 'NOOP' }));
  const { IpSetIds: [IpSetId] = [] } = await client.send(new ListIPSetsCommand({ DetectorId }));
  await client.send(new UpdateIPSetCommand({ DetectorId, IpSetId, Activate: false }));
  const drift = await run(grounds, wanted(full));
  expect(drift.planned.changes.map(({ kind }) => kind)).toEqual(['set-filter', 'set-list']);
  expect(drift.again.changes).toEqual([]);

  writeFileSync(join(folder, 'lists/offices.txt'), '192.0.2.0/24\n203.0.113.0/24\n');
  const changed = await run(grounds, wanted(full));
  expect(changed.planned.changes.map(({ kind }) => kind)).toEqual(['set-list', 'set-list']);
  expect(changed.again.changes).toEqual([]);
});

test('findings are exported, and where GuardDuty may not write any more, that is named and undone by no change', async () => {
  const { administrator } = grounds.sessions;
  const client = grounds.client(administratorId, 'eu-west-1');
  const sample = { DetectorId: await detectorId(client), FindingTypes: ['Recon:EC2/Portscan'] };
  await client.send(new CreateSampleFindingsCommand(sample));
  await grounds.sandbox.world.idle();
  const s3 = administrator.client(S3Client, 'us-east-1');
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'findings-of-ours' }));
  const [{ Key } = {}, ...others] = Contents.filter((object) => object.Key !== 'AWSLogs/');
  expect({ Key, others }).toEqual({
    Key: expect.stringMatching(`^AWSLogs/${administratorId}/GuardDuty/eu-west-1/.*\\.jsonl\\.gz$`),
    others: [],
  });
  const object = await s3.send(new GetObjectCommand({ Bucket: 'findings-of-ours', Key }));
  expect(object.SSEKMSKeyId).toBe(keyArn);
  const text = gunzipSync((await object.Body?.transformToByteArray()) ?? '').toString();
  expect(JSON.parse(text)).toMatchObject({ type: 'Recon:EC2/Portscan', region: 'eu-west-1' });

  await admitGuardDuty(administrator, 'findings-of-ours', false);
  await client.send(new CreateSampleFindingsCommand(sample));
  await grounds.sandbox.world.idle();
  const stuck = await run(grounds, wanted(full));
  expect(stuck.planned.changes).toEqual([]);
  const plan = 'publishing destination arn:aws:s3:::findings-of-ours';
  expect(stuck.planned.notes).toEqual([
    { accountId: administratorId, region: 'eu-west-1', plan, code: 'guardduty.destination.refused' },
  ]);
  const other = await run(grounds, wanted(full.replace('findings-of-ours', 'findings-of-nobody')));
  expect(other.outcome.failed.map(({ error }) => error.message)).toEqual(
    regions.map(() => expect.stringMatching(/resource specified in the destinationArn parameter does not exist/)),
  );
  const moved = await run(grounds, wanted(full.replace('findings-of-ours', 'findings-of-ours/guardduty')));
  expect(moved.outcome.failed[0]?.error.message).toMatch(/resource folder specified in the destinationArn parameter/);
  await admitGuardDuty(administrator, 'findings-of-ours', true);
});

test('what others made is named and left alone; what Garrison made goes when it is no longer wanted', async () => {
  const client = grounds.client(administratorId, 'eu-west-1');
  const DetectorId = await detectorId(client);
  const FindingCriteria = { Criterion: { severity: { Gte: 8 } } };
  await client.send(new CreateFilterCommand({ DetectorId, Name: 'theirs', FindingCriteria }));
  const theirs = `${top}guardduty:
  filters: [{ name: theirs, criteria: { severity: { lessThan: 2 } }, regions: [eu-west-1] }]
  trustedIpLists: []
  publishingDestinations: []
`;
  const { planned, outcome, again } = await run(grounds, wanted(theirs));
  expect(outcome.failed).toEqual([]);
  expect(kindsIn(planned, 'eu-west-1')).toEqual(['delete-filter', 'delete-list', 'delete-destination']);
  expect(again.changes).toEqual([]);
  expect(again.notes).toEqual([
    { accountId: administratorId, region: 'eu-west-1', plan: 'filter theirs', code: 'guardduty.setting.foreign' },
  ]);
  const { FilterNames } = await client.send(new ListFiltersCommand({ DetectorId }));
  expect(FilterNames).toEqual(['theirs']);
  const { Destinations } = await client.send(new ListPublishingDestinationsCommand({ DetectorId }));
  expect(Destinations).toEqual([]);
  await client.send(new DeleteFilterCommand({ DetectorId, FilterName: 'theirs' }));
  expect((await run(grounds, grounds.desired())).planned.changes).toEqual([]);
});

test('an object that cannot be written fails the list alone, with the operation', async () => {
  grounds.sandbox.faults.add({ service: 's3', kind: 'error', code: 'AccessDenied', status: 403 });
  const { outcome, again } = await run(grounds, wanted(full));
  expect(outcome.failed.map(({ error }) => [error.code, error.place.operation])).toEqual(
    regions.map(() => ['aws.AccessDenied', 's3:PutObject']),
  );
  expect(new Set(again.changes.map(({ kind }) => kind))).toEqual(new Set(['note-settings', 'set-list']));
  grounds.sandbox.faults.clear();
});

test.each([
  [
    'two trusted lists in a region',
    'trustedIpLists: [{name: one, file: a}, {name: two, file: b}]',
    /:5:.*one too many/,
  ],
  ['a filter without fields', 'filters: [{name: all-of-it, criteria: {}}]', /:5:.*matches every finding/],
  [
    'a plan that GuardDuty would switch on again',
    'plans: { S3_DATA_EVENTS: DISABLED }\n  autoEnablePlans: { S3_DATA_EVENTS: ALL }',
    /:6:.*would switch the plan on again/,
  ],
  [
    'both runtime plans by themselves',
    'autoEnablePlans: { EKS_RUNTIME_MONITORING: NEW, RUNTIME_MONITORING: NEW }',
    /excludes RUNTIME_MONITORING/,
  ],
  ['a bucket without its key', 'publishingDestinations: [{ bucketArn: "arn:aws:s3:::ours" }]', /:5:.*needs kmsKeyArn/],
  [
    'a lifecycle for a bucket of others',
    'publishingDestinations: [{ expireAfterDays: 9 }]',
    /:5:.*needs `create: true`/,
  ],
  ['two buckets to make', 'publishingDestinations: [{ create: true }, { create: true }]', /1.create .*is given twice/],
  ['targets without the route', 'policy: { targets: [Workloads] }', /needs `route: policy`/],
  ['an unknown condition', 'filters: [{name: one, criteria: {severity: {under: 4}}}]', /:5:.*under is not known/],
])('refused: %s', (_, line, message) => {
  expect(() => parseConfig(`${top}guardduty:\n  ${line}\n`)).toThrow(message);
});

test('overrides name what exists', () => {
  const config = parseConfig(`${top}guardduty:
  overrides:
    - accounts: ["100000000099"]
      plans: { S3_DATA_EVENTS: ENABLED }
    - ous: [Workloads/Prodution]
      regions: [cn-north-1]
`);
  const accounts = [{ id: managementId, email: 'a@example.com', ou: 'Workloads/Production/Shop', line: 2 }];
  const problems = () => {
    try {
      return checkNames(config, accounts);
    } catch (error) {
      return (error as GarrisonErrors).problems.map(({ message, remedy }) => `${message} ${remedy}`);
    }
  };
  expect(problems()).toEqual([
    expect.stringMatching(/^garrison.yaml:6:\d+: .*"100000000099" is not in accounts.csv/),
    expect.stringMatching(/^garrison.yaml:8:.*is not in accounts.csv Did you mean Workloads\/Production\?/),
    expect.stringMatching(/^garrison.yaml:9:.*"cn-north-1" is not guarded/),
  ]);
});
