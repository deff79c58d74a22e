import { AuthorizeSecurityGroupIngressCommand, EC2Client } from '@aws-sdk/client-ec2';
import { followDecision } from '../../responders/decisions';
import type { Trigger } from '../../responders/trigger';
import { Local, recordOf } from './local';
import { ingressOf } from './responding';
import { enforcing, type Scenario, scenarios } from './scenarios';

let local: Local;

beforeAll(async () => {
  local = await Local.start(enforcing);
});

afterAll(() => local?.close());

const scene = (name: string) => (scenarios[name] as Scenario)(local);
const minutes = (count: number) => {
  local.now = new Date(local.now.getTime() + count * 60_000);
};
const groupOf = (trigger: Trigger) =>
  String((trigger.detail as { requestParameters: { groupId: string } }).requestParameters.groupId);

describe('approval', () => {
  const asking = () => ({
    settings: { ...local.settings, enforce: local.settings.enforce.map((rule) => ({ ...rule, approval: true })) },
  });
  const person = { id: 'U0ALICE01', name: 'alice <!channel>' };
  const decide = (id: string, action: 'approve' | 'decline') =>
    followDecision({ response: id, decision: { action, person, at: local.now.toISOString() } }, local.tools(asking()));

  async function asked(): Promise<{ trigger: Trigger; id: string }> {
    const trigger = await scene('revoke');
    expect(await local.respond(trigger, asking())).toEqual({ kind: 'later', seconds: 3_600 });
    return { trigger, id: (await recordOf(local, trigger)).id };
  }

  test('it expires, says so, and an answer that comes later changes nothing', async () => {
    const { trigger, id } = await asked();
    minutes(30);
    expect(await local.respond(trigger, asking())).toEqual({ kind: 'later', seconds: 1_800 });
    minutes(31);
    expect(await decide(id, 'approve')).toEqual({ kind: 'done' });
    expect(await local.respond(trigger, asking())).toEqual({ kind: 'done' });
    expect(await decide(id, 'approve')).toEqual({ kind: 'done' });
    expect((await recordOf(local, trigger)).outcome).toBe('expired');
    expect(local.toldOf(trigger).at(-1)).toMatchObject({
      id: `respond:${id}:outcome`,
      text: expect.stringContaining('nobody answered'),
    });
    expect(await ingressOf(local.client(EC2Client), groupOf(trigger))).toHaveLength(1);
  });

  test('the first answer counts, with the person; names call nobody', async () => {
    const { trigger, id } = await asked();
    expect(await decide(id, 'approve')).toEqual({ kind: 'done' });
    expect(await decide(id, 'decline')).toEqual({ kind: 'done' });
    expect(await recordOf(local, trigger)).toMatchObject({ outcome: 'acted', decision: { action: 'approve', person } });
    expect(local.toldOf(trigger).at(-1)?.text).not.toContain('<!channel>');
    expect(await local.respond(trigger, asking())).toEqual({ kind: 'done' });
  });

  test('who may not decide changes nothing, and is told so', async () => {
    const { trigger, id } = await asked();
    const settings = { ...asking().settings, approvers: ['U0BOSS001'] };
    const decision = { action: 'approve' as const, person, at: local.now.toISOString() };
    await followDecision({ response: id, decision }, local.tools({ settings }));
    expect((await recordOf(local, trigger)).outcome).toBe('waiting');
    expect(local.toldOf(trigger).at(-1)?.text).toContain('may not decide');
  });

  test('what changed between question and answer is left alone', async () => {
    const { trigger, id } = await asked();
    await local.client(EC2Client).send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: groupOf(trigger),
        IpProtocol: 'tcp',
        FromPort: 25,
        ToPort: 25,
        CidrIp: '192.0.2.0/24',
      }),
    );
    await decide(id, 'approve');
    expect((await recordOf(local, trigger)).outcome).toBe('changed');
    expect(await ingressOf(local.client(EC2Client), groupOf(trigger))).toHaveLength(2);
  });
});
