import { announce } from '../../attestation/questions/announce';
import { rootCall, saml } from './events';
import { answer, at, killed, Scene, throttled } from './scene';

describe('silence', () => {
  const configured = `  reminders: [15m, 1h]
  escalation: { after: 4h, channel: C0SECURITY, mention: S0ONCALL1 }
  managers: [{ people: ["alice@*"], mention: S0MANAGER }]`;

  test('is reminded of, escalated once, and then left to people', async () => {
    const scene = new Scene(configured);
    await scene.handle([saml('alice@example.com'), saml('alice@example.com')]);
    for (let minute = 0; minute < 600; minute += 5) {
      await scene.after(5).timer();
    }
    const id = scene.questionIds[0];
    const steps = scene.saidIds.filter((one) => one.startsWith(`${id}:`) && !one.includes('uses'));
    expect(steps).toEqual([`${id}:reminder-1`, `${id}:reminder-2`, `${id}:escalation`]);
    expect(scene.textOf(`${id}:reminder-2`)).toMatch(/^<@U0ALICE001> still without an answer: .*\(2 uses\)/);
    const escalation = scene.said.find(({ followUp }) => followUp.id === `${id}:escalation`)?.followUp;
    expect(escalation?.channel).toBe('C0SECURITY');
    expect(escalation?.text).toMatch(
      /^<!subteam\^S0MANAGER> <!subteam\^S0ONCALL1> .*Nobody has answered.* for <@U0ALICE001>/,
    );
    expect([...scene.contents('reminder'), ...scene.contents('escalation')]).toHaveLength(3);
    expect(scene.findings).toEqual([]);
  });

  test('ends with the answer', async () => {
    const scene = new Scene(configured);
    await scene.handle([saml('alice@example.com')]);
    await scene.after(20).timer();
    await answer(scene, 'U0ALICE001');
    await scene.after(600).timer();
    expect(scene.saidIds.filter((id) => /reminder|escalation/.test(id))).toHaveLength(1);
  });

  test('after an outage only the latest step is taken', async () => {
    const scene = new Scene(configured);
    await scene.handle([saml('alice@example.com')]);
    await scene.after(300).timer();
    expect(scene.saidIds.filter((id) => /reminder|escalation/.test(id))).toEqual([
      `${scene.questionIds[0]}:escalation`,
    ]);
  });

  test('each step is taken once, though the function is killed at it', async () => {
    for (const step of ['before say', 'after say', 'before append', 'after append']) {
      const scene = new Scene(configured);
      await scene.handle([saml('alice@example.com')]);
      let kills = 0;
      scene.atStep = (name) => {
        kills += name === step ? 1 : 0;
        if (name === step && kills === 1) {
          throw killed();
        }
      };
      await scene.after(16).timer();
      await scene.timer();
      await scene.timer();
      expect(scene.contents('reminder')).toHaveLength(1);
      expect(scene.saidIds).toContain(`${scene.questionIds[0]}:reminder-1`);
    }
  });

  test('a question that nobody got to ask is asked by the clock', async () => {
    const scene = new Scene(configured);
    scene.slackTroubles.push(throttled());
    await scene.handle([saml('alice@example.com')]);
    await scene.after(5).timer();
    expect(scene.saidIds.filter((id) => id.startsWith('attest-') && !id.startsWith('attest-summary'))).toEqual([]);
    await scene.after(6).timer();
    expect(scene.saidIds).toContain(scene.questionIds[0]);
  });

  test('once a day the end of the chain is published, and the clock reads on from what is settled', async () => {
    const scene = new Scene(configured);
    await scene.handle([saml('alice@example.com')]);
    await answer(scene, 'U0ALICE001');
    for (let hour = 0; hour < 48; hour += 1) {
      await scene.after(60).timer();
    }
    const summaries = scene.contents('summary');
    expect(summaries.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-22', '2026-11-23']);
    expect(summaries.map(({ since }) => since)).toEqual([5, 6, 7]);
    expect(scene.said.at(-1)?.followUp).toMatchObject({ id: 'attest-summary:2026-11-23', channel: 'C0ALERTS01' });
    expect(scene.textOf('attest-summary:2026-11-22')).toMatch(/ends with `6:[0-9a-f]{64}`/);
  });
});

describe('announced beforehand', () => {
  const request = (scene: Scene, more: object = {}) =>
    announce(
      {
        person: { slackUser: 'U0ALICE001' },
        purpose: 'Release',
        ticket: 'OPS-9',
        from: scene.now,
        until: new Date(scene.now.getTime() + 3_600_000),
        by: { slackUser: 'U0ALICE001' },
        sourceId: 'trigger-1',
        at: scene.now,
        ...more,
      },
      { ...scene.tools, settings: scene.settings },
    );

  test('uses in the window are linked and not asked about; root is asked about all the same', async () => {
    const scene = new Scene();
    expect(await request(scene)).toMatchObject({
      kind: 'recorded',
      announcement: { person: { key: 'alice@example.com' } },
    });
    expect(await request(scene)).toMatchObject({ kind: 'again' });
    await scene.handle([saml('alice@example.com', { time: at(30) }), saml('bob@example.com'), rootCall()]);
    expect(scene.contents('use').map(({ announcement }) => announcement)).toEqual(
      expect.arrayContaining(['announced-1', undefined, undefined]),
    );
    expect(scene.questionIds).toHaveLength(2);
    await scene.handle([saml('alice@example.com', { time: at(61) })]);
    expect(scene.questionIds).toHaveLength(3);
  });

  test('by the command, through the queue: who sent it, SQS says', async () => {
    const scene = new Scene();
    const announcement = {
      identity: 'Bob@example.com',
      purpose: 'Release',
      ticket: 'OPS-9',
      from: at(0),
      until: at(60),
      sourceId: 's1',
    };
    await scene.handle([{ announcement }, { announcement }]);
    expect(scene.contents('announcement')).toMatchObject([
      { person: { key: 'bob@example.com' }, by: { principal: 'AROAEXAMPLE:garrison' } },
    ]);
    await scene.handle([{ announcement: { ...announcement, sourceId: 's2', until: at(60 * 24) } }]);
    expect(scene.logged).toContain('attestation.announcement.refused');
  });

  test.each([
    ['a window that ends before it begins', { until: new Date(0) }, 'window'],
    ['one that is too long', { until: new Date('2026-11-22T10:00:00Z') }, 'window'],
    ['one that has begun', { from: new Date('2026-11-21T09:00:00Z') }, 'window'],
    ['no purpose', { purpose: '' }, 'noPurpose'],
    ['no ticket', { ticket: undefined }, 'ticketMissing'],
    ['somebody whom Slack does not name', { person: { slackUser: 'U0NOBODY01' } }, 'unknownPerson'],
  ])('%s is refused', async (_, more, reason) => {
    expect(await request(new Scene(), more)).toMatchObject({ kind: 'refused', reason });
  });
});
