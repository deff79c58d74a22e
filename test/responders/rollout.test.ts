import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EC2Client, GetAllowedImagesSettingsCommand } from '@aws-sdk/client-ec2';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseConfig } from '../../organization/config';
import { responders } from '../../responders/catalog';
import { Groups, openToWorld } from './member';
import { ingressOf, memberId, Responding, region } from './responding';

let garrison: Responding;

const on = `detections: {enabled: [security-group-open-to-world]}
responders:
  enabled: [opened-security-group, unapproved-image]
  enforce: [{responders: [opened-security-group], strategy: revoke, tags: {guard: revoke}}]
`;

beforeAll(async () => {
  garrison = await Responding.start(on);
});

afterAll(() => garrison?.close());

const command = (...args: string[]) => garrison.organization.garrison('security', ...args);

test('verify finds the roles everywhere, and a second apply changes nothing', async () => {
  const roles = await garrison.member(IAMClient).send(new ListRolesCommand({}));
  expect(roles.Roles?.map(({ RoleName }) => RoleName)).toContain('GarrisonResponder');
  expect(JSON.parse((await command('verify', '--json')).stdout)).toMatchObject({ ok: true });
  expect(JSON.parse((await command('apply', '--json')).stdout)).toMatchObject({ ok: true, changed: false });
});

test('list and show tell what each responder answers to, where it acts, and all that it may do', async () => {
  const rows = JSON.parse((await command('responders', 'list', '--json')).stdout);
  expect(rows).toHaveLength(responders.length);
  expect(rows[0]).toMatchObject({
    id: 'opened-security-group',
    enabled: true,
    enforced: [{ strategy: 'revoke', tags: { guard: 'revoke' } }],
  });
  expect((await command('responders', 'list')).stdout).toContain('5 responders');
  const shown = await command('responders', 'show', 'exposed-access-key');
  expect(shown.stdout).toContain('iam:UpdateAccessKey');
  expect(await command('responders', 'show', 'exposed-access-keys')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean exposed-access-key?'),
  });
});

test('try tells the decision and the calls, through the function or as the account itself, and changes nothing', async () => {
  const ec2 = garrison.member(EC2Client);
  const id = await new Groups(() => ec2).make({});
  await openToWorld(ec2, id);
  const response = await garrison.response(id, 'notified');
  const { event } = await garrison.about(response.id);
  const file = join(garrison.organization.files[1] as string, '..', 'event.json');
  writeFileSync(file, JSON.stringify(event.detail));
  const { trials } = JSON.parse(
    (await command('responders', 'try', file, '--strategy', 'quarantine', '--json')).stdout,
  );
  expect(trials).toMatchObject([{ responder: 'opened-security-group', decision: 'act' }]);
  const operations = trials[0].calls.map(({ operation }: { operation: string }) => operation);
  expect(operations).toEqual(['RevokeSecurityGroupIngress', 'DeleteSecurityGroup']);
  expect(trials[0].undo.length).toBeGreaterThan(1);
  const own = await garrison.asMember('responders', 'try', file, '--strategy', 'revoke');
  expect(own.stdout).toContain('ec2:RevokeSecurityGroupIngress');
  expect(own.stdout).toContain('Nothing was changed.');
  expect(await ingressOf(ec2, id)).toHaveLength(4);
});

test("EC2's own setting Allowed AMIs is read everywhere, and set where it is asked for", async () => {
  const { images } = JSON.parse((await command('responders', 'images', '--json')).stdout);
  expect(images).toHaveLength(3);
  expect(images[2]).toMatchObject({ accountId: memberId, region, state: 'disabled' });
  expect(await command('responders', 'images', '--set', 'enabled')).toMatchObject({ code: 1 });
  const set = ['--set', 'audit-mode', '--providers', 'amazon', '--account', memberId];
  expect((await command('responders', 'images', ...set)).stdout).toContain('audit-mode');
  expect(await garrison.member(EC2Client).send(new GetAllowedImagesSettingsCommand({}))).toMatchObject({
    State: 'audit-mode',
    ImageCriteria: [{ ImageProviders: ['amazon'] }],
  });
});

test.each([
  ['enabled: [opened-security-group]', 'security-group-open-to-world, which has no rule'],
  ['enabled: [removed-objects], buckets: []', 'has no bucket to look after', 's3-objects-removed'],
  [
    'enforce: [{responders: [removed-objects], strategy: restore, accounts: ["100000000011"]}]',
    'is not among responders.enabled',
  ],
  ['enabled: all, enforce: [{responders: [removed-objects], strategy: restore}]', 'nothing is enforced everywhere'],
  [
    'enabled: all, enforce: [{responders: [removed-objects], strategy: revoke, ous: [x]}]',
    'does not know the strategy revoke',
  ],
  [
    'enabled: [exposed-access-key], enforce: [{responders: [exposed-access-key], strategy: deactivate, ous: [Workload]}]',
    'is not in accounts.csv',
  ],
])('responders: {%s} is refused: %s', async (section, problem, detection = 'root-sign-in') => {
  const file = garrison.organization.files[1] as string;
  const before = readFileSync(file, 'utf8');
  const rest = before.slice(0, before.indexOf('detections:'));
  writeFileSync(file, `${rest}detections: {enabled: [${detection}]}\nresponders: {${section}}\n`);
  const refused = await command('plan');
  writeFileSync(file, before);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) });
});

test('without the section nothing of it is there', () => {
  const config = parseConfig(
    'managementAccount: "100000000001"\nsecurityAccount: "100000000002"\nhomeRegion: us-east-1\n',
  );
  expect(config.responders).toMatchObject({ enabled: 'none', enforce: [], buckets: [] });
});

test('remove takes roles, queue, table and function out', async () => {
  expect(await command('remove', '--yes')).toMatchObject({ code: 0 });
  const roles = await garrison.member(IAMClient).send(new ListRolesCommand({}));
  expect(roles.Roles?.map(({ RoleName }) => RoleName)).not.toContain('GarrisonResponder');
  const tables = await garrison.security(DynamoDBClient).send(new ListTablesCommand({}));
  expect(tables.TableNames).not.toContain('garrison-responses');
  const queues = await garrison.security(SQSClient).send(new ListQueuesCommand({}));
  expect(JSON.stringify(queues.QueueUrls ?? [])).not.toContain('garrison-responses');
});
