import { CreateSampleFindingsCommand } from '@aws-sdk/client-guardduty';
import { listFindings } from '../../guardduty';
import { administratorId, detectorId, type Grounds, openGrounds, regions, run } from './organization';

let grounds: Grounds;

beforeAll(async () => {
  grounds = await openGrounds(1);
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  await run(grounds, grounds.desired());
  const samples: [string, string, string[]][] = [
    [
      grounds.memberIds[0] as string,
      regions[0] as string,
      ['Recon:EC2/PortProbeUnprotectedPort', 'Backdoor:EC2/DenialOfService.Tcp'],
    ],
    [administratorId, regions[1] as string, ['UnauthorizedAccess:EC2/TorClient']],
  ];
  for (const [accountId, region, FindingTypes] of samples) {
    const client = grounds.client(accountId, region);
    await client.send(new CreateSampleFindingsCommand({ DetectorId: await detectorId(client), FindingTypes }));
  }
});

afterAll(() => grounds.sandbox.close());

const list = (filter: Parameters<typeof listFindings>[2]) =>
  listFindings(grounds.sessions.administrator, regions, filter, { concurrency: 4 });

test('findings of members and of the administrator, from all regions, the gravest first', async () => {
  const { findings, unread } = await list({});
  expect(unread).toEqual([]);
  expect(findings).toHaveLength(3);
  expect(new Set(findings.map(({ accountId }) => accountId))).toEqual(new Set([administratorId, ...grounds.memberIds]));
  expect(new Set(findings.map(({ region }) => region))).toEqual(new Set(regions));
  const severities = findings.map(({ severity }) => severity);
  expect(severities).toEqual([...severities].sort((one, other) => other - one));
  expect(findings.every(({ sample, title }) => sample && title !== '')).toBe(true);
});

test('filters are asked of the service', async () => {
  expect((await list({ minimumSeverity: 7 })).findings.every(({ severity }) => severity >= 7)).toBe(true);
  expect((await list({ types: ['UnauthorizedAccess:EC2/TorClient'] })).findings).toHaveLength(1);
  expect((await list({ accountIds: grounds.memberIds })).findings).toHaveLength(2);
  expect((await list({ archived: true })).findings).toEqual([]);
  expect((await list({ since: new Date(Date.now() + 60_000) })).findings).toEqual([]);
  expect((await list({ limit: 1 })).findings).toHaveLength(2);
});

test('a region that cannot be read is named', async () => {
  const region = regions[0] as string;
  grounds.sandbox.faults.add({
    service: 'guardduty',
    region,
    kind: 'error',
    code: 'AccessDeniedException',
    status: 403,
  });
  const { findings, unread } = await list({});
  expect(findings).toHaveLength(1);
  expect(unread).toMatchObject([{ region, error: { code: 'aws.AccessDeniedException' } }]);
});
