import { questionForThread } from '../../attestation/questions/thread';
import { fromFreeText } from '../../attestation/questions/ticket';
import { asUser, portal, rootCall, saml } from './events';
import { answer, at, killed, Scene, throttled } from './scene';

describe('from use to question', () => {
  test('several uses of a person within the window are one question; later ones are another', async () => {
    const scene = new Scene();
    await scene.handle([
      saml('alice@example.com'),
      saml('Alice@example.com', { time: at(30) }),
      saml('bob@example.com'),
    ]);
    await scene.handle([saml('alice@example.com', { time: at(59) })]);
    expect(scene.questionIds).toHaveLength(2);
    expect(scene.contents('use').map(({ question }) => question)).toEqual([
      scene.questionIds[0],
      scene.questionIds[1],
      scene.questionIds[0],
      scene.questionIds[0],
    ]);
    expect(scene.textOf(scene.questionIds[0] as string)).toMatch(
      /^<@U0ALICE001> used `AdministratorAccess` in account-3 \(`100000000003`\) by `AssumeRoleWithSAML`/,
    );
    await scene.after(61).handle([saml('alice@example.com', { time: at(61) })]);
    expect(scene.questionIds).toHaveLength(3);
    expect(scene.said.every(({ followUp }) => followUp.answerable)).toBe(true);
    expect(scene.findings).toEqual([]);
  });

  test('in Japanese where the alerts are', async () => {
    const scene = new Scene();
    Object.assign(scene.settings, { language: 'ja' });
    await scene.handle([saml('alice@example.com')]);
    const [id = ''] = scene.questionIds;
    expect(scene.textOf(id)).toMatch(/^<@U0ALICE001> .*account-3.* で `AdministratorAccess` を使用しました.*何のため/);
    expect(JSON.stringify(scene.said[0]?.followUp.blocks)).toContain('回答する');
    await answer(scene, 'U0ALICE001');
    expect(scene.textOf(`${id}:answer-1`)).toMatch(/が回答\n\*目的:\*/);
  });

  test('uses that join a question are listed in its message, also once it is answered', async () => {
    const scene = new Scene();
    await scene.handle([saml('alice@example.com')]);
    await scene.handle([saml('alice@example.com', { time: at(5) })]);
    const [id] = scene.questionIds;
    expect(scene.said.at(-1)?.followUp).toMatchObject({ id: `${id}:uses-2`, replaces: id, answerable: true });
    expect(scene.textOf(`${id}:uses-2`)).toMatch(/^<@U0ALICE001> used .*\n\*2 uses:\*\n• .*\n• .*AdministratorAccess/s);
    await answer(scene, 'U0ALICE001');
    await scene.handle([saml('alice@example.com', { time: at(6) })]);
    expect(scene.textOf(`${id}:uses-3`)).toMatch(/answered by .*\*3 uses:\*/s);
    await scene.handle(Array.from({ length: 9 }, () => saml('alice@example.com', { time: at(7) })));
    expect(scene.saidIds.at(-1)).toBe(`${id}:uses-3`);
    await scene.handle(Array.from({ length: 8 }, () => saml('alice@example.com', { time: at(8) })));
    expect(scene.textOf(`${id}:uses-20`)).toContain('… and 10 more');
  });

  test('the same event is one use, by however many detections and deliveries it comes', async () => {
    const scene = new Scene();
    const event = rootCall('ConsoleLogin');
    await scene.handle([event, { ...event, detection: { id: 'root-sign-in', title: 'x', severity: 'critical' } }]);
    await scene.handle([event]);
    expect(scene.contents('use')).toHaveLength(1);
    expect(scene.saidIds).toHaveLength(1);
  });

  test('everybody there is called where nobody is found, or root was used', async () => {
    const scene = new Scene();
    await scene.handle([saml('nobody@example.com'), rootCall(), asUser('carol', 'x')]);
    expect(scene.said.map(({ followUp }) => followUp.text.slice(0, 30))).toEqual([
      '<!here> `nobody@example.com` u',
      '<!here> root user of account-3',
      '<!here> `carol` used `Administ',
    ]);
  });

  test('hostile names call nobody and break out of nothing', async () => {
    const scene = new Scene();
    await scene.handle([saml('<!channel> `x` @here <https://evil.example|click>\u202E')]);
    const text = scene.said[0]?.followUp.text ?? '';
    expect(text.match(/<!(?!date)\w+|<@/g)).toEqual(['<!here']);
    expect(text).not.toMatch(/<https|\u202E/);
    expect(JSON.stringify(scene.said[0]?.followUp.blocks)).not.toMatch(/<!channel|<https/);
  });

  test('what is no use is left out; what is nobody’s message stays in the queue', async () => {
    const scene = new Scene();
    expect(await scene.handle(['no JSON', '[]', '{"other":1}', saml('x', { errorCode: 'AccessDenied' })])).toBe(3);
    expect(scene.logged).toContain('attestation.leftOut');
    expect(scene.table.stored.size).toBe(0);
  });

  test('an event of Identity Center without a name waits for the session that names the person', async () => {
    const scene = new Scene();
    const event = portal({ onBehalfOf: { userId: '9067-other' } });
    expect(await scene.handle([event])).toBe(1);
    await scene.handle([saml('bob@example.com')]);
    await scene.after(2).handle([event], 2);
    expect(scene.questionIds).toHaveLength(1);
    expect(scene.contents('use').map(({ person }) => person.key)).toEqual(['bob@example.com', 'bob@example.com']);
    const elsewhere = { account_id: '100000000001', role_name: 'AdministratorAccess' };
    const unnamed = portal({ onBehalfOf: { userId: '9067-other' } }, { serviceEventDetails: elsewhere });
    await scene.handle([unnamed], 2);
    expect(scene.said.at(-1)?.followUp.text).toMatch(/^<!here> `9067-other` used/);
  });

  test('uses are on record while Slack is out of reach, and the question follows', async () => {
    const scene = new Scene();
    scene.slackTroubles.push(throttled());
    const event = saml('alice@example.com');
    expect(await scene.handle([event])).toBe(1);
    expect(scene.contents('use')).toHaveLength(1);
    expect(await scene.handle([event], 2)).toBe(0);
    expect(scene.saidIds).toEqual(scene.questionIds);
  });

  test('a function that is killed anywhere loses nothing and asks once', async () => {
    for (const step of ['before append', 'after append', 'before say', 'after say']) {
      for (const hit of [1, 2, 3]) {
        const scene = new Scene();
        let hits = 0;
        scene.atStep = (name) => {
          hits += name === step ? 1 : 0;
          if (name === step && hits === hit) {
            throw killed();
          }
        };
        const batch = [saml('alice@example.com'), saml('bob@example.com'), saml('alice@example.com')];
        for (let receives = 1; (await scene.handle(batch, receives)) > 0 && receives < 5; receives += 1) {}
        expect(scene.contents('use')).toHaveLength(3);
        expect(scene.saidIds.filter((id) => !id.includes(':')).sort()).toEqual([...scene.questionIds].sort());
        expect(scene.saidIds).toContain(`${scene.contents('use')[0]?.question}:uses-2`);
        expect(scene.questionIds).toHaveLength(2);
        expect(scene.contents('asked')).toHaveLength(2);
        expect(scene.findings).toEqual([]);
      }
    }
  });
});

describe('answers', () => {
  const asked = async (attestation = '') => {
    const scene = new Scene(attestation);
    await scene.handle([saml('alice@example.com')]);
    return scene;
  };

  test('of the person, once for each of Slack’s events; later ones are versions', async () => {
    const scene = await asked();
    expect(await answer(scene, 'U0ALICE001')).toMatchObject({ kind: 'recorded', answer: { version: 1, as: 'person' } });
    expect(await answer(scene, 'U0ALICE001')).toMatchObject({ kind: 'again', answer: { version: 1 } });
    expect(await answer(scene, 'U0ALICE001', { slackEventId: 'other', purpose: 'Better said' })).toMatchObject({
      kind: 'recorded',
      answer: { version: 2 },
    });
    const id = scene.questionIds[0];
    expect(scene.said.slice(-3).map(({ followUp }) => [followUp.id, followUp.replaces])).toEqual([
      [`${id}:answer-1`, id],
      [`${id}:answer-1`, id],
      [`${id}:answer-2`, id],
    ]);
    expect(scene.contents('answer').map(({ purpose }) => purpose)).toEqual(['Rotating the keys', 'Better said']);
  });

  test('of somebody else only from the configured group, and on record as such', async () => {
    const scene = await asked('  substitutes: { groups: [S0SECURITY], users: [U0DAVE0001] }');
    expect(await answer(scene, 'U0MALLORY1')).toMatchObject({ kind: 'refused', reason: 'notYours' });
    expect(await answer(scene, 'U0CAROL001')).toMatchObject({ answer: { as: 'substitute' } });
    expect(await answer(scene, 'U0DAVE0001')).toMatchObject({ answer: { as: 'substitute', version: 2 } });
    expect(scene.said.at(-1)?.followUp.text).toContain('answered by <@U0DAVE0001>, in their place');
  });

  test('of anybody where nobody was asked by name', async () => {
    const scene = new Scene();
    await scene.handle([rootCall()]);
    expect(await answer(scene, 'U0BOB00001')).toMatchObject({ answer: { as: 'anybody' } });
  });

  test('need a purpose, and a ticket that the pattern and the webhook know', async () => {
    const webhook = 'webhook: { url: { parameter: /t/url }, signingKey: { parameter: /t/key } }';
    const scene = await asked(`  ticket: { pattern: "OPS-\\\\d+", ${webhook} }`);
    expect(await answer(scene, 'U0ALICE001', { purpose: ' \n ' })).toMatchObject({ reason: 'noPurpose' });
    expect(await answer(scene, 'U0ALICE001', { ticket: '  ' })).toMatchObject({ reason: 'ticketMissing' });
    expect(await answer(scene, 'U0ALICE001', { ticket: 'OPS-7x' })).toMatchObject({ reason: 'ticketMalformed' });
    scene.verdict = { kind: 'unknown', text: 'closed' };
    expect(await answer(scene, 'U0ALICE001')).toMatchObject({ reason: 'ticketUnknown', text: 'closed' });
    scene.verdict = { kind: 'silent' };
    expect(await answer(scene, 'U0ALICE001')).toMatchObject({ answer: { ticketCheck: 'unconfirmed' } });
    scene.verdict = { kind: 'known' };
    expect(await answer(scene, 'U0ALICE001', { slackEventId: 'b' })).toMatchObject({
      answer: { ticketCheck: 'confirmed' },
    });
    expect(await answer(scene, 'U0ALICE001', { question: 'attest-other' })).toMatchObject({
      reason: 'unknownQuestion',
    });
  });

  test('many at once are versions without a gap', async () => {
    const scene = await asked();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => answer(scene, 'U0ALICE001', { slackEventId: `e${index}` })),
    );
    const versions = scene.contents('answer').map(({ version }) => version);
    expect(versions.sort((one, other) => one - other)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(scene.findings).toEqual([]);
  });

  test('in a thread belong to the writer’s own question, where several people are asked there', async () => {
    const scene = new Scene();
    await scene.handle([saml('alice@example.com'), saml('bob@example.com')]);
    const [first, second] = scene.questionIds;
    const place = { channel: 'C0ALERTS01', thread: '1.0' };
    for (const id of [first, second]) {
      await scene.alerts.put({
        id: `follow-up:${id}`,
        expiresAt: 2e9,
        channel: place.channel,
        ts: '2.0',
        thread: place.thread,
      });
    }
    await scene.alerts.put({ id: 'answers:C0ALERTS01:1.0', expiresAt: 2e9, followUp: `${second}:reminder-1` });
    const found = async (user?: string) => (await questionForThread(place, user, scene.tools))?.id;
    expect(await found('U0ALICE001')).toBe(first);
    expect(await found('U0BOB00001')).toBe(second);
    expect(await found('U0CAROL001')).toBe(second);
    expect(await questionForThread({ ...place, thread: '9.0' }, undefined, scene.tools)).toBeUndefined();
  });

  test('in somebody’s own words: the first word that looks like a ticket is one', () => {
    const ticket = { required: true, pattern: 'OPS-\\d+' };
    expect(fromFreeText('Keys rotated (OPS-12). See OPS-13', ticket)).toEqual({
      purpose: 'Keys rotated (OPS-12). See OPS-13',
      ticket: 'OPS-12',
    });
    expect(fromFreeText('no ticket', ticket)).toEqual({ purpose: 'no ticket' });
  });
});
