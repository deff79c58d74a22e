import { findingEvent } from './corpus';
import { DeployedNotifier } from './deployed';

/** The real bundles, run as a Lambda function of the local organization, under the role's own permissions. */
let notifier: DeployedNotifier;

afterEach(() => notifier.close());

function distinct(number: number, severity = 8): unknown {
  const resource = { resourceType: 'Instance', instanceDetails: { instanceId: `i-${number}` } };
  return findingEvent({ id: `finding-${number}`, title: `Finding number ${number}.`, severity, resource });
}

test('a burst through queue, function and webhook loses nothing while Slack throttles', async () => {
  notifier = await DeployedNotifier.start('webhook', { digest: { threshold: 0 } });
  await notifier.slack({ throttleEvery: 4 });
  await notifier.put([...Array.from({ length: 12 }, (_, number) => distinct(number)), 'not JSON']);
  await notifier.untilEmpty(20, 1);
  const texts = (await notifier.messages()).map(({ payload }) => payload.text);
  expect(new Set(texts).size).toBe(12);
  expect(texts).toHaveLength(12);
});

test('with a bot token a lost connection doubles nothing, and repeats go to the thread', async () => {
  notifier = await DeployedNotifier.start('bot');
  await notifier.slack({ dropEvery: 2 });
  await notifier.put([distinct(1), distinct(2), distinct(3)]);
  await notifier.untilEmpty(20);
  await notifier.slack({ dropEvery: 0 });
  await notifier.put([
    findingEvent({
      id: 'finding-1b',
      title: 'Finding number 1.',
      resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-1' } },
      updatedAt: '2026-11-20T11:00:00Z',
    }),
  ]);
  await notifier.untilEmpty(20);
  const messages = await notifier.messages();
  const [first] = messages;
  expect(messages.filter(({ thread_ts }) => thread_ts === undefined)).toHaveLength(3);
  expect(messages.filter(({ thread_ts }) => thread_ts !== undefined)).toHaveLength(1);
  expect(messages.at(-1)?.payload.text).toMatch(/^Again: /);
  expect(first?.payload.text).toContain('shop-production (123456789012)');
});

test('with a bot token it says follow-ups under their alert, and counts where a detection counts', async () => {
  notifier = await DeployedNotifier.start('bot');
  await notifier.slack({ dropEvery: 2 });
  const event = distinct(1);
  await notifier.put([{ followUp: { id: 'response:1', text: 'Key disabled?' }, event }, event]);
  await notifier.untilEmpty(30);
  await notifier.slack({ dropEvery: 0 });
  await notifier.put([{ followUp: { id: 'response:2', replaces: 'response:1', text: 'Key disabled.' }, event }]);
  await notifier.put(Array.from({ length: 24 }, (_, number) => failedSignIn(number)));
  await notifier.untilEmpty(30);
  await notifier.put(Array.from({ length: 24 }, (_, number) => failedSignIn(number)));
  await notifier.untilEmpty(30);
  const messages = await notifier.messages();
  const [alert, counted] = messages.filter(({ thread_ts }) => thread_ts === undefined);
  const under = (ts?: string) =>
    messages.filter(({ thread_ts }) => thread_ts === ts).map(({ payload }) => payload.text);
  expect(under(alert?.ts)).toEqual(['Key disabled.']);
  expect(counted?.payload.text).toContain('5 times within 15 minutes, the last: IAM user alice failed to sign in');
  // Four times five of 24: one alert, three repeats.
  expect([messages.length, under(counted?.ts).length]).toEqual([6, 3]);
});

function failedSignIn(number: number): unknown {
  return {
    detection: {
      id: 'failed-sign-ins',
      title: 'Repeated failed sign-ins',
      severity: 'medium',
      threshold: { count: 5, windowSeconds: 900, by: ['detail.userIdentity.userName'] },
    },
    event: {
      source: 'aws.signin',
      'detail-type': 'AWS Console Sign In via CloudTrail',
      detail: {
        eventID: `event-${number}`,
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        eventTime: new Date(Date.parse('2026-11-20T12:00:00Z') + number * 1_000).toISOString(),
        awsRegion: 'us-east-1',
        recipientAccountId: '123456789012',
        userIdentity: { type: 'IAMUser', userName: 'alice' },
        responseElements: { ConsoleLogin: 'Failure' },
      },
    },
  };
}
