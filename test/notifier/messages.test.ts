import fc from 'fast-check';
import { alertMessage } from '../../notifier/message/alertMessage';
import { code, mrkdwn, oneLine, plain } from '../../notifier/message/escape';
import { slackMessageSchema, textsIn } from './blockKit';
import { alertOf, corpus, findingEvent } from './corpus';
import { anything, hostile } from './hostile';
import { contextOf } from './settings';

const english = contextOf({ slack: { mention: 'S0SECURITY' } });
const japanese = contextOf({
  language: 'ja',
  console: { accessPortal: 'https://acme.awsapps.com/start', role: 'Audit' },
});

async function textOf(event: unknown, context = english): Promise<string> {
  return textsIn(alertMessage(await alertOf(event), context, { mention: 'none' })).join('\n');
}

test('says once what the title and the description both say', async () => {
  const shown = async (description: string) => {
    const alert = await alertOf(findingEvent({ title: 'A host was probed', description }));
    return JSON.stringify(alertMessage(alert, contextOf(), { mention: 'none' }).attachments[0]?.blocks);
  };
  for (const description of ['A host was probed', 'A host was probed.', 'A host was probed. Somebody looks around.']) {
    expect((await shown(description)).split('A host was probed')).toHaveLength(2);
  }
  expect(await shown('A host was probed. Somebody looks around.')).toContain('Somebody looks around.');
  expect(await shown('A host was probed by another.')).toContain('A host was probed by another.');
});

describe('every event of the corpus', () => {
  test.each(corpus.map(({ name, event }) => [name, event]))(
    '%s renders within the limits of Slack',
    async (_, event) => {
      const alert = await alertOf(event);
      for (const context of [english, japanese]) {
        const message = alertMessage(alert, context, {
          mention: 'here',
          repetition: { times: 1_234, last: new Date() },
        });
        expect(() => slackMessageSchema.parse(message)).not.toThrow();
        expect(JSON.stringify(message)).not.toMatch(/undefined|\[object|NaN|sessionToken/);
      }
    },
  );
});

describe('a message', () => {
  test('says who, where, what and when', async () => {
    const message = alertMessage(await alertOf(findingEvent()), english, { mention: 'S0SECURITY' });
    expect(message.text).toBe(
      '<!subteam^S0SECURITY> [High] shop-production (123456789012), eu-central-1: EC2 instance i-0abc is querying a domain of a Bitcoin pool.',
    );
    const text = textsIn(message).join('\n');
    for (const part of [
      'High · Cryptocurrency: Bitcoin tool (variant B, DNS)',
      '*shop-production*',
      'Workloads/Production',
      'EC2 instance `i-0abc`',
      '`pool.example.com`',
      '<!date^1795168800^',
      'T1496',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('marks samples', async () => {
    const service = { additionalInfo: { value: '{"sample":true}' }, archived: true };
    expect(await textOf(findingEvent({ service }))).toContain('[SAMPLE] High');
  });

  test('of an attack sequence tells its signals, actor, endpoint and techniques', async () => {
    const sequence = {
      signals: Array.from({ length: 14 }, (_, index) => ({
        uid: `s${index}`,
        type: 'CLOUD_TRAIL',
        name: `Signal ${index}`,
        severity: 5,
      })),
      actors: [{ id: 'a', user: { name: 'john', uid: 'AIDA', type: 'IAMUser' } }],
      resources: [{ uid: 'r', name: 'customer-data', resourceType: 'S3Bucket' }],
      endpoints: [{ id: 'e', ip: '203.0.113.7', location: { country: 'Nowhere' } }],
      sequenceIndicators: [{ key: 'ATTACK_TECHNIQUE', values: ['T1078.004'] }],
    };
    const text = await textOf(
      findingEvent({
        type: 'AttackSequence:S3/CompromisedData',
        severity: 9,
        resource: { resourceType: 'AttackSequence' },
        service: { detection: { sequence } },
      }),
    );
    for (const part of [
      '14 signals',
      'Signal 9',
      '… and 4 more',
      '`john`',
      '`customer-data`',
      '203.0.113.7',
      '|T1078.004>',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('in Japanese says the same in its words', async () => {
    const text = await textOf(findingEvent(), japanese);
    for (const part of [
      '高 · 暗号通貨: Bitcoin tool (変種 B, DNS)',
      'アカウント',
      'EC2 インスタンス i-0abc',
      '観測時刻',
    ]) {
      expect(text).toContain(part);
    }
  });

  test.each([
    ['aws', 'eu-central-1', 'https://eu-central-1.console.aws.amazon.com/guardduty'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/guardduty'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/guardduty'],
  ])('links to the console of the partition %s', async (partition, region, page) => {
    const message = alertMessage(await alertOf(findingEvent({ partition, region })), english, { mention: 'none' });
    expect(JSON.stringify(message)).toContain(page);
  });

  test('lands in the account at fault through the access portal, or by switching roles', async () => {
    const alert = await alertOf(findingEvent());
    const portal = JSON.stringify(alertMessage(alert, japanese, { mention: 'none' }));
    expect(portal).toContain(
      'https://acme.awsapps.com/start/#/console?account_id=123456789012&role_name=Audit&destination=https%3A%2F%2Feu-central-1.console',
    );
    const switching = contextOf({ console: { switchRole: 'Audit' } });
    expect(JSON.stringify(alertMessage(alert, switching, { mention: 'none' }))).toContain(
      'https://signin.aws.amazon.com/switchrole?account=123456789012&roleName=Audit&redirect_uri=https%3A%2F%2Feu-central-1.console',
    );
  });

  test('of a detection carries its title, severity and runbook', async () => {
    const body = {
      detection: {
        id: 'root-sign-in',
        title: 'The root user signed in',
        severity: 'critical',
        runbook: 'https://wiki.example.com/root',
      },
      event: {
        source: 'aws.signin',
        'detail-type': 'AWS Console Sign In via CloudTrail',
        detail: {
          eventName: 'ConsoleLogin',
          eventSource: 'signin.amazonaws.com',
          awsRegion: 'us-east-1',
          recipientAccountId: '123456789012',
          userIdentity: { type: 'Root', accountId: '123456789012' },
          sourceIPAddress: '203.0.113.9',
          responseElements: { ConsoleLogin: 'Success' },
          additionalEventData: { MFAUsed: 'No' },
          eventID: 'e1',
        },
      },
    };
    const message = JSON.stringify(alertMessage(await alertOf(body), english, { mention: 'none' }));
    for (const part of [
      'Critical · The root user signed in',
      'Root user signed in to the AWS console without MFA.',
      'https://wiki.example.com/root',
      '203.0.113.9',
    ]) {
      expect(message).toContain(part);
    }
  });
});

describe('hostile texts', () => {
  test('never exceed a limit, whichever part of a finding they are in', async () => {
    const part = fc.record(
      {
        instanceId: anything,
        instanceType: anything,
        imageId: anything,
        tags: fc.array(fc.record({ key: fc.constant('Name'), value: anything })),
      },
      { requiredKeys: [] },
    );
    const finding = fc.record({
      type: hostile.filter((text) => text.trim() !== ''),
      title: anything,
      description: anything,
      severity: fc.oneof(fc.double({ min: -5, max: 20, noNaN: true }), fc.constant(8)),
      accountId: anything,
      region: anything,
      partition: anything,
      resource: fc.record({
        resourceType: anything,
        instanceDetails: part,
        accessKeyDetails: fc.record({ userName: anything, userType: anything }),
      }),
      service: fc.record({
        action: fc.record({
          awsApiCallAction: fc.record({
            api: anything,
            serviceName: anything,
            errorCode: anything,
            userAgent: anything,
            remoteIpDetails: fc.record({ ipAddressV4: anything, country: fc.record({ countryName: anything }) }),
          }),
        }),
        count: anything,
        eventLastSeen: anything,
        detection: fc.record({
          sequence: fc.record({
            signals: fc.array(fc.record({ name: anything, severity: anything }), { maxLength: 30 }),
          }),
        }),
      }),
    });
    await fc.assert(
      fc.asyncProperty(finding, async (detail) => {
        const alert = await alertOf(findingEvent(detail));
        const message = alertMessage(alert, english, { mention: 'here', repetition: { times: 5 } });
        slackMessageSchema.parse(message);
        const texts = [message.text.replace('<!here> ', ''), ...textsIn(message.attachments)];
        expect(texts.filter((text) => /<[!@#](?!date\^\d+\^)/.test(text))).toEqual([]);
        expect(texts.filter((text) => /<https?:\/\/(?!attack\.mitre\.org\/)/.test(text))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('cannot end a code span, start a line or hide a character', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 3, max: 400 }), (text, limit) => {
        const span = code(text, limit);
        expect(span.length).toBeLessThanOrEqual(limit);
        expect(span).toMatch(/^$|^`[^`\n]+`$/);
        expect(plain(text, limit).length).toBeLessThanOrEqual(limit);
        const written = mrkdwn(text, limit);
        expect(written.length).toBeLessThanOrEqual(limit);
        expect(written).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must be gone.
        expect(oneLine(text)).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
      }),
      { numRuns: 300 },
    );
  });

  test('are cut where a reader sees it', () => {
    expect(plain('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(mrkdwn('&&&&', 12)).toBe('&amp;&amp;…');
    expect(plain('😀😀😀', 4)).toBe('😀…');
    expect(mrkdwn('@here look', 40)).toBe('@\u2060here look');
  });

  test('in secrets of a request are left out, and no session token is shown', async () => {
    const detail = {
      eventName: 'CreateLoginProfile',
      eventSource: 'iam.amazonaws.com',
      requestParameters: { userName: 'bob', password: 'hunter2', nested: { clientSecret: 'hunter3' } },
      responseElements: { credentials: { sessionToken: 'hunter4' } },
    };
    const text = await textOf({ source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail });
    expect(text).toContain('userName=bob');
    expect(text).not.toContain('hunter');
  });
});
