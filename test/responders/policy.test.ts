import { responderOf, responders } from '../../responders/catalog';
import { sessionPolicy } from '../../responders/send';
import { undoResponse } from '../../responders/undo';
import { decide } from '../../sandbox/core/decision';
import { responderStatements } from '../../stacks/responders/responderRoleTemplate';
import { Local, recordOf } from './local';
import { memberId } from './responding';
import { enforcing, type Scenario, scenarios } from './scenarios';

let local: Local;

beforeAll(async () => {
  local = await Local.start(enforcing);
});

afterAll(() => local?.close());

/** Statements of each responder, and the strategies that cannot do without: `undo` where only taking back needs it. */
const needs: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'opened-security-group': {
    ReadGroups: ['revoke', 'quarantine, an interface attached'],
    CloseGroups: ['revoke', 'quarantine, nothing attached'],
    MoveInterfaces: ['quarantine, an interface attached'],
    ClosedGroup: ['undo of quarantine, nothing attached'],
    TagGroups: ['undo of quarantine, nothing attached'],
  },
  'unapproved-image': {
    ReadInstances: ['terminate', 'stop', 'isolate'],
    EndInstances: ['terminate', 'stop'],
    Snapshots: ['isolate'],
    IsolateInstances: ['isolate'],
  },
  'guard-switched-off': {
    FindDetectors: ['restore a suspended detector', 'restore a deleted detector'],
    Detector: ['restore a suspended detector'],
    Trails: ['restore a stopped trail', 'restore selectors'],
  },
  'exposed-access-key': { AccessKeys: ['deactivate'] },
  'removed-objects': { ReadBuckets: ['restore objects'], DeleteMarkers: ['restore objects'] },
};

const place = { partition: 'aws', accountId: memberId, region: 'us-east-1' };

const cases = Object.entries(needs).flatMap(([id, statements]) =>
  Object.entries(statements).flatMap(([sid, names]) => names.map((name) => ({ id, sid, name }))),
);

test.each(cases)('without the statement $sid, $name fails with a refusal that is told', async ({ id, sid, name }) => {
  const isUndo = name.startsWith('undo of ');
  const scenario = scenarios[name.replace('undo of ', '')] as Scenario;
  const trigger = await scenario(local);
  if (isUndo) {
    await local.respondUntilDone(trigger);
  }
  // Those of the others might allow the same.
  const own =
    responderOf(id)
      ?.statements(place)
      .map(({ Sid }) => Sid) ?? [];
  await local.allow((other) => own.includes(other) && other !== sid);
  if (isUndo) {
    const record = await recordOf(local, trigger);
    expect(await undoResponse(record.id, 'x', local.tools())).toMatchObject({ kind: 'partly' });
  } else {
    await local.respondUntilDone(trigger);
    expect((await recordOf(local, trigger)).outcome).toMatch(/^(failed|partly)$/);
  }
  await local.allow(() => true);
  expect(local.toldOf(trigger).at(-1)?.text).toMatch(/UnauthorizedOperation|AccessDenied/);
});

test.each(responders.map((responder) => ({ id: responder.id, responder })))(
  'the session of $id has room for its policy, and reaches neither another region nor another account nor IAM',
  ({ responder }) => {
    const policy = sessionPolicy(responder.statements(place));
    expect(policy.length).toBeLessThanOrEqual(2_048);
    const allows = (action: string, resource: string) =>
      decide({
        principal: `arn:aws:iam::${memberId}:role/GarrisonResponder`,
        action,
        resource,
        resourceAccountId: memberId,
        context: {},
        identityPolicies: [policy],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      }).effect === 'Allowed';
    const beyond: [string, string][] = [
      ['ec2:DeleteSecurityGroup', `arn:aws:ec2:eu-west-1:${memberId}:security-group/sg-1`],
      ['ec2:TerminateInstances', `arn:aws:ec2:eu-west-1:${memberId}:instance/i-1`],
      ['ec2:TerminateInstances', 'arn:aws:ec2:us-east-1:100000000012:instance/i-1'],
      ['ec2:CreateTags', `arn:aws:ec2:us-east-1:${memberId}:instance/i-1`],
      ['iam:CreateAccessKey', `arn:aws:iam::${memberId}:user/eve`],
      ['iam:PassRole', `arn:aws:iam::${memberId}:role/Admin`],
      ['s3:GetObject', 'arn:aws:s3:::papers/a.pdf'],
      ['cloudtrail:DeleteTrail', `arn:aws:cloudtrail:us-east-1:${memberId}:trail/t`],
    ];
    expect(beyond.filter(([action, resource]) => allows(action, resource))).toEqual([]);
  },
);

test('the role holds the statements of the responders that are on, each under a name of its own, and fits into its quota', () => {
  const account = { partition: 'aws', accountId: memberId };
  const all = responderStatements(local.settings, account);
  expect(new Set(all.map(({ Sid }) => Sid)).size).toBe(all.length);
  expect(JSON.stringify(all).length).toBeLessThan(10_240);
  const some = responderStatements({ enabled: ['exposed-access-key'], buckets: [] }, account);
  expect(some.map(({ Sid }) => Sid)).toEqual(['AccessKeys']);
  const known = Object.values(needs).flatMap((statements) => Object.keys(statements));
  const rest = all.map(({ Sid }) => Sid).filter((sid) => !known.includes(sid));
  // The first in the account only, the service-linked role, CloudTrail Lake, and EC2's own setting: see the guide.
  expect(rest).toEqual(['CloseGroup', 'TagNew', 'AllowedImages', 'GuardDutyRole', 'EventDataStores']);
});
