import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { IAMClient, ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { at } from '../../notifier/events/read';
import type { AlertTable } from '../../notifier/state/table';
import { respondersFor } from '../../responders/catalog';
import { processBatch } from '../../responders/process';
import { Records } from '../../responders/records';
import type { Tools } from '../../responders/tools';
import type { Trigger } from '../../responders/trigger';
import { undoResponse } from '../../responders/undo';
import { called, Local, recordOf } from './local';
import { ingressOf, memberId } from './responding';
import { enforcing, type Scenario, scenarios } from './scenarios';

let local: Local;

beforeAll(async () => {
  local = await Local.start(enforcing);
});

afterAll(() => local?.close());
afterEach(() => local.sandbox.faults.clear());

const scene = (name: string) => (scenarios[name] as Scenario)(local);
const minutes = (count: number) => {
  local.now = new Date(local.now.getTime() + count * 60_000);
};
const groupOf = (trigger: Trigger) =>
  String((trigger.detail as { requestParameters: { groupId: string } }).requestParameters.groupId);

/** Tools of a process that dies at its nth use of table, queue or AWS: everything after that fails, too. */
function mortal(dieAt: number): { readonly tools: Partial<Tools>; readonly isDead: () => boolean } {
  let uses = 0;
  const use = async <T>(work: () => Promise<T>): Promise<T> => {
    uses += 1;
    if (uses >= dieAt) {
      throw Object.assign(new Error('killed'), { code: 'notifier.killed' });
    }
    return work();
  };
  const { table } = local;
  const dying: AlertTable = {
    get: (id) => use(() => table.get(id)),
    create: (item) => use(() => table.create(item)),
    replace: (previous, item) => use(() => table.replace(previous, item)),
    put: (item) => use(() => table.put(item)),
  };
  const whole = local.tools();
  return {
    isDead: () => uses >= dieAt,
    tools: {
      table: dying,
      records: new Records(dying, 400),
      tell: (body) => use(() => whole.tell(body)),
      sessions: (responder, place) => {
        const send = whole.sessions(responder, place);
        return (call) => use(() => send(call));
      },
    },
  };
}

test.each(['revoke', 'quarantine, an interface attached', 'restore objects'])(
  'killed at any point, %s is done once and told once',
  async (name) => {
    let dieAt = 1;
    for (let died = true; died; dieAt += 1) {
      const trigger = await scene(name);
      const { tools, isDead } = mortal(dieAt);
      await local.respond(trigger, tools).catch(() => undefined);
      died = isDead();
      minutes(2);
      await local.respondUntilDone(trigger);
      const ids = new Set(local.toldOf(trigger).map(({ id }) => id));
      const record = await recordOf(local, trigger);
      expect({ dieAt, outcome: record.outcome, ids: ids.size }).toEqual({ dieAt, outcome: 'acted', ids: 1 });
      expect(record.undo?.length).toBeGreaterThan(0);
      if (name === 'revoke') {
        expect(await ingressOf(local.client(EC2Client), groupOf(trigger))).toEqual([]);
      }
    }
    expect(dieAt).toBeGreaterThan(6);
  },
);

test('the same event in several invocations at once is acted on once', async () => {
  const trigger = await scene('revoke');
  local.sandbox.clearCalls();
  const handled = await Promise.all(Array.from({ length: 5 }, () => local.respond(trigger)));
  expect(handled.filter(({ kind }) => kind === 'done').length).toBeGreaterThan(0);
  expect(local.count('RevokeSecurityGroupIngress')).toBe(1);
  minutes(2);
  await local.respondUntilDone(trigger);
  expect(new Set(local.toldOf(trigger).map(({ id }) => id)).size).toBe(1);
});

test('what its own role did is no reason to respond', async () => {
  const trigger = await scene('revoke');
  const actor = `arn:aws:iam::${memberId}:role/GarrisonResponder`;
  await local.respond({ ...trigger, actor });
  expect(local.toldOf(trigger)).toEqual([]);
});

test('a group whose rule was changed since is left alone and reported; one that is closed already, too', async () => {
  const ec2 = local.client(EC2Client);
  const trigger = await scene('revoke');
  await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: groupOf(trigger),
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '0.0.0.0/0',
    }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: groupOf(trigger),
      IpProtocol: 'tcp',
      FromPort: 23,
      ToPort: 23,
      CidrIp: '0.0.0.0/0',
    }),
  );
  await local.respondUntilDone(trigger);
  expect((await recordOf(local, trigger)).outcome).toBe('changed');
  expect(local.toldOf(trigger)[0]?.text).toContain('no longer what the event told of');
  expect(await ingressOf(ec2, groupOf(trigger))).toEqual(['tcp 23 from 0.0.0.0/0']);

  const other = await scene('revoke');
  await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: groupOf(other),
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '0.0.0.0/0',
    }),
  );
  await local.respondUntilDone(other);
  expect((await recordOf(local, other)).outcome).toBe('nothing');
});

test('a responder that acted too often stops, says so, and goes on when the time has passed', async () => {
  minutes(10);
  const strict = { settings: { ...local.settings, breaker: { actions: 2, minutes: 5 } } };
  const outcomes: string[] = [];
  for (let times = 0; times < 4; times += 1) {
    const trigger = await scene('revoke');
    await local.respond(trigger, strict);
    outcomes.push((await recordOf(local, trigger)).outcome);
  }
  expect(outcomes).toEqual(['acted', 'acted', 'stopped', 'stopped']);
  expect(local.told.at(-1)?.followUp.text).toContain('it acted 2 times in 5 minutes');
  minutes(6);
  const later = await scene('revoke');
  await local.respond(later, strict);
  expect((await recordOf(local, later)).outcome).toBe('acted');
});

test('an ended exemption exempts nothing, and that is said', async () => {
  const exemption = { tags: { guard: 'revoke' }, reason: 'migration', until: '2020-01-01' };
  const trigger = await scene('revoke');
  await local.respond(trigger, { settings: { ...local.settings, exemptions: [exemption] } });
  expect((await recordOf(local, trigger)).outcome).toBe('acted');
  expect(local.toldOf(trigger)[0]?.text).toContain('its exemption ended on 2020-01-01: migration');
});

test('what a person undid is not done again when the finding is updated', async () => {
  const trigger = await scene('deactivate');
  await local.respondUntilDone(trigger);
  const { id } = await recordOf(local, trigger);
  expect(await undoResponse(id, 'arn:aws:iam::100000000002:user/operator', local.tools())).toMatchObject({
    kind: 'undone',
  });
  const updated = { ...trigger, id: `${trigger.id}+1`, event: { ...trigger.event, id: 'updated' } };
  await local.respondUntilDone(updated);
  expect((await recordOf(local, updated)).outcome).toBe('changed');
  const UserName = String(
    (trigger.detail as { resource: { accessKeyDetails: { userName: string } } }).resource.accessKeyDetails.userName,
  );
  const { AccessKeyMetadata } = await local.client(IAMClient).send(new ListAccessKeysCommand({ UserName }));
  expect(AccessKeyMetadata).toMatchObject([{ Status: 'Active' }]);
});

test.each(Object.keys(scenarios).filter((name) => name !== 'terminate'))(
  'undo of %s: back as it was, and twice is once',
  async (name) => {
    const trigger = await scene(name);
    await local.respondUntilDone(trigger);
    const { id } = await recordOf(local, trigger);
    const undone = await undoResponse(id, 'arn:aws:iam::100000000002:user/operator', local.tools());
    expect(undone).toMatchObject({ kind: 'undone' });
    expect(await undoResponse(id, 'x', local.tools())).toMatchObject({ kind: 'already' });
    expect(local.toldOf(trigger).at(-1)?.text).toContain('was undone');
  },
);

test('undo says why it cannot: terminated instances, unknown ids, a key that somebody changed', async () => {
  const gone = await scene('terminate');
  await local.respondUntilDone(gone);
  expect(await undoResponse((await recordOf(local, gone)).id, 'x', local.tools())).toMatchObject({ kind: 'refused' });
  expect(await undoResponse('r-00000000000000000000', 'x', local.tools())).toMatchObject({ kind: 'refused' });
  const key = await scene('deactivate');
  await local.respondUntilDone(key);
  const { accessKeyId, userName } = (
    key.detail as { resource: { accessKeyDetails: { accessKeyId: string; userName: string } } }
  ).resource.accessKeyDetails;
  await local
    .client(IAMClient)
    .send(new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId, Status: 'Active' }));
  expect(await undoResponse((await recordOf(local, key)).id, 'x', local.tools())).toMatchObject({ kind: 'already' });
});

test('a forged event is not believed: neither its sender nor what it says of instances', async () => {
  const trigger = await scene('revoke');
  const { detection, event } = trigger;
  const forged = [
    { ...event, source: 'mine', account: memberId },
    { ...event, account: '100000000012' },
    { ...event, account: undefined },
  ];
  const Records = forged.map((each, index) => ({
    messageId: String(index),
    body: JSON.stringify({ detection, event: each }),
  }));
  const answer = await processBatch({ Records } as never, { ...local.tools(), hide: async () => undefined });
  expect(answer.batchItemFailures).toEqual([]);
  expect(local.toldOf(trigger)).toEqual([]);

  const launch = await scene('terminate');
  const [target] = respondersFor(launch, local.settings)[0]?.targets(launch) ?? [];
  const other = called(
    'unapproved-image',
    'ec2',
    'RunInstances',
    {},
    {
      instancesSet: { items: [{ instanceId: at(target?.hints, 'instances', 0), imageId: 'ami-0123456789abcdef0' }] },
    },
  );
  await local.respondUntilDone(other);
  expect((await recordOf(local, other)).outcome).toBe('nothing');
});

test('hostile and broken messages are neither obeyed nor lost', async () => {
  const told = local.told.length;
  const body = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const bodies = [
    '{',
    '[]',
    'null',
    {},
    { decision: {} },
    { decision: { response: 'x', action: 'rm', person: { id: 'U1' } } },
    { detection: { id: 'security-group-open-to-world' }, event: { detail: { eventName: {} } } },
  ];
  const Records = bodies.map((value, index) => ({ messageId: String(index), body: body(value) }));
  const hidden: number[] = [];
  const tools = { ...local.tools(), hide: async (_: unknown, seconds: number) => void hidden.push(seconds) };
  const answer = await processBatch({ Records } as never, tools);
  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['0']);
  expect(local.told).toHaveLength(told);
  const { SecurityGroups } = await local.client(EC2Client).send(new DescribeSecurityGroupsCommand({}));
  expect(SecurityGroups?.length).toBeGreaterThan(1);
});
