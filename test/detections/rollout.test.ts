import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { failedSignIns } from '../../detections/catalog/failed-sign-ins';
import { rootSignIn } from '../../detections/catalog/root-sign-in';
import { securityGroupOpenToWorld } from '../../detections/catalog/security-group-open-to-world';
import { trailStopped } from '../../detections/catalog/trail-stopped';
import type { Detection, Example } from '../../detections/detection';
import { administratorPolicies, detectionRules } from '../../detections/rollout';
import { rolesWithPolicies } from '../../organization/policyRoles';
import { securityId, startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
const [member, tolerant] = ['100000000011', '100000000012'];

let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
  appendFileSync(
    organization.files[1] as string,
    `detections:\n  enabled: all\n  accounts: {"${tolerant}": {security-group-open-to-world: {allowedPorts: [22]}}}\n`,
  );
  await organization.garrison('management', 'bootstrap');
  await setWebhook();
});
afterAll(() => organization.sandbox.close());

test('apply puts the rules where their events occur, and a second apply changes nothing', async () => {
  const applied = await organization.garrison('security', 'apply', '--json');
  expect({ code: applied.code, ...(applied.code && { stderr: applied.stderr }) }).toEqual({ code: 0 });
  expect(JSON.parse(applied.stdout).stackSets).toContainEqual({ stackSet: 'garrison-detection-rules', changed: 8 });
  expect(await rulesIn(member, 'us-east-1')).toContain('garrison-detections-global-1');
  const elsewhere = await rulesIn(member, 'eu-west-1');
  expect(elsewhere).toContain('garrison-detections-regional-1');
  expect(elsewhere.filter((name) => name.includes('-global-'))).toEqual([]);

  organization.sandbox.clearCalls();
  const again = await organization.garrison('security', 'apply', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, changed: false });
  expect((await organization.garrison('security', 'verify')).code).toBe(0);
});

describe('an event in a member account', () => {
  test.each([
    ['a root sign-in', rootSignIn, 'us-east-1'],
    ['a security group opened to the world', securityGroupOpenToWorld, 'eu-west-1'],
    ['a stopped trail', trailStopped, 'eu-west-1'],
  ])('%s reaches Slack once, with the account and the detection', async (_, detection, region) => {
    await happens(detection.firing[0], member, region);
    const told = await toldAbout(detection.title);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(member);
  });

  test('what counts is told once there is enough of it', async () => {
    for (let time = 1; time < 5; time += 1) {
      await happens(failedSignIns.firing[0], member, 'us-east-1');
    }
    await setTimeout(1_000);
    expect((await messages()).filter((message) => message.includes('failed to sign in'))).toEqual([]);
    await happens(failedSignIns.firing[0], member, 'us-east-1');
    expect(await toldAbout('5 times within 15 minutes')).toHaveLength(1);
  });

  test('what is quiet, and what the account allows, reaches nobody', async () => {
    const before = await messages();
    const quiet: [Detection, string, string][] = [
      [rootSignIn, member, 'us-east-1'],
      [trailStopped, member, 'eu-west-1'],
    ];
    for (const [detection, account, region] of quiet) {
      for (const example of detection.quiet) {
        await happens(example, account, region);
      }
    }
    await happens(securityGroupOpenToWorld.firing[0], tolerant, 'eu-west-1');
    await setTimeout(1_500);
    const after = (await messages()).slice(before.length);
    expect(
      after.filter((message) => /root user signed in|trail was stopped|opened to the world/i.test(message)),
    ).toEqual([]);
  });
});

test("roles with administrator policies are found by asking IAM, and stand in every account's settings", async () => {
  const { endpoint, security } = organization.sandbox;
  const { accessKeyId, secretAccessKey } = security;
  const accountId = securityId;
  const iam = new IAMClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId, secretAccessKey } });
  const trust = { Statement: [{ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' }] };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', ...trust });
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  for (const [RoleName, Path, bound] of [
    ['Deploy', '/ci/', undefined],
    ['Bound', '/', PolicyArn],
    ['Administrator', '/', undefined],
  ] as const) {
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument, PermissionsBoundary: bound }));
    if (bound === undefined) {
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  }
  const administrators = await rolesWithPolicies(iam, [PolicyArn, 'arn:aws:iam::aws:policy/NoSuch']);
  expect(administrators).toEqual([
    `arn:aws:iam::${accountId}:role/Administrator`,
    `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`,
    `arn:aws:iam::${accountId}:role/ci/Deploy`,
  ]);
  const settings = {
    ...{ enabled: ['privileged-role-used'], disabled: [], nearest: [], organizationalUnits: {} },
    settings: {},
    accounts: {
      [accountId]: { 'privileged-role-used': { administratorPolicies: [PolicyArn] } },
      [member]: { 'privileged-role-used': { administratorPolicies: ['arn:aws:iam::999999999999:policy/Other'] } },
    },
    logFiles: { only: false },
  };
  const accounts = [{ id: accountId }, { id: member }];
  expect([...administratorPolicies(settings, accounts)]).toEqual([[accountId, [PolicyArn]]]);
  const { alerts, logFiles, forwarding } = detectionRules(settings, { accounts, operators: [], administrators });
  const [alert, ...more] = alerts;
  expect(more).toEqual([]);
  for (const compiled of [alert, logFiles, forwarding]) {
    expect(JSON.stringify(compiled)).toContain(`"arn:aws:iam::${accountId}:role/ci/Deploy"`);
    // These are among the named ones.
    expect(JSON.stringify(compiled)).not.toMatch(/:role.(Administrator|OrganizationAccountAccessRole)"/);
  }
});

test('plan says what is left out, and that bootstrap comes first where the roles lack something', async () => {
  const file = organization.files[1] as string;
  const before = readFileSync(file, 'utf8');
  const { stdout } = await organization.garrison('security', 'plan');
  expect(stdout).toContain('detection sign-in-outside-networks is left out: off: parameter networks is not set');
  expect(stdout).not.toContain('garrison bootstrap, with');
  writeFileSync(file, before.replace('enabled: all', 'enabled: none'));
  const without = await organization.garrison('security', 'plan', '--json');
  expect(JSON.parse(without.stdout)).toMatchObject({ bootstrapDue: ['garrison-execution'], detectionsLeftOut: [] });
  writeFileSync(file, before);
});

test('once no detection is rolled out, the rules go and then their stack set', async () => {
  const file = organization.files[1] as string;
  writeFileSync(file, readFileSync(file, 'utf8').replace('enabled: all', 'enabled: none'));
  const planned = JSON.parse((await organization.garrison('security', 'plan', '--json')).stdout);
  const gone = planned.stackSets.find(({ stackSet }: { stackSet: string }) => stackSet === 'garrison-detection-rules');
  expect(gone.cells.map(({ action }: { action: string }) => action)).toEqual(Array(8).fill('delete'));
  expect(await organization.garrison('security', 'apply', '--yes')).toMatchObject({ code: 0 });
  expect(await rulesIn(member, 'us-east-1')).toEqual([]);
  expect((await organization.garrison('security', 'verify')).code).toBe(0);
});

test('what the catalog does not have is refused with its line', async () => {
  const file = organization.files[1] as string;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/enabled: \w+/, 'enabled: [root-sign-on]'));
  const planned = await organization.garrison('security', 'plan');
  expect(planned.code).toBe(1);
  expect(planned.stderr).toMatch(
    /garrison\.yaml:\d+:\d+: detections\.enabled\.0 cannot be: there is no detection root-sign-on/,
  );
});

async function setWebhook(): Promise<void> {
  const { accessKeyId, secretAccessKey } = organization.sandbox.security;
  const credentials = { accessKeyId, secretAccessKey };
  const ssm = new SSMClient({ region: 'us-east-1', endpoint: organization.sandbox.endpoint, credentials });
  const Value = `${organization.sandbox.endpoint}/_slack/services/T0SECURE/B0ALERTS/hook`;
  await ssm.send(new PutParameterCommand({ Name: '/garrison/slack/webhook', Type: 'SecureString', Value }));
}

/** The event that CloudTrail puts on the account's own bus. */
async function happens(example: Example | undefined, account: string, region: string): Promise<void> {
  const record = example?.record as Record<string, unknown>;
  const service = String(record.eventSource).split('.')[0];
  const detail = {
    ...JSON.parse(JSON.stringify(record).replaceAll('111122223333', account)),
    awsRegion: region,
    eventID: crypto.randomUUID(),
  };
  const kind = service === 'signin' ? 'AWS Console Sign In via CloudTrail' : 'AWS API Call via CloudTrail';
  const { world } = organization.sandbox;
  world.emit({ source: `aws.${service}`, 'detail-type': kind, detail }, { accountId: account, region });
  await world.idle();
}

/** What Slack received about it, a moment after the first such message: a second one would be there by then. */
async function toldAbout(title: string): Promise<string[]> {
  const about = async () => (await messages()).filter((message) => message.includes(title));
  for (const end = Date.now() + 10_000; Date.now() < end && (await about()).length === 0; ) {
    await setTimeout(50);
  }
  await setTimeout(500);
  return about();
}

async function messages(): Promise<string[]> {
  const answer = await fetch(`${organization.sandbox.slack.endpoint}/messages`);
  return ((await answer.json()) as unknown[]).map((message) => JSON.stringify(message));
}

/** Names of Garrison's rules on an account's default bus. */
async function rulesIn(accountId: string, region: string): Promise<string[]> {
  const { world } = organization.sandbox;
  const caller = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId } as const;
  const { Rules = [] } = await world.call<{ Rules?: { Name: string }[] }>(
    'events',
    'ListRules',
    { NamePrefix: 'garrison-' },
    { caller, region },
  );
  return Rules.map(({ Name }) => Name);
}
