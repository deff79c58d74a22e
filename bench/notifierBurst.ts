// 1,000 findings at once through the local organization, with a Slack that throttles and drops connections.
// npx tsx bench/notifierBurst.ts [webhook|bot] [findings] [digest threshold]
import { findingEvent } from '../test/notifier/corpus';
import { DeployedNotifier, type ReceivedMessage } from '../test/notifier/deployed';

const [way = 'bot', count = '1000', threshold = '10'] = process.argv.slice(2);
const findings = Number(count);

async function main(): Promise<void> {
  const notifier = await DeployedNotifier.start(way === 'webhook' ? 'webhook' : 'bot', {
    digest: { threshold: Number(threshold), seconds: 10 },
  });
  try {
    await notifier.slack({ throttleEvery: 3, dropEvery: 20 });
    const started = Date.now();
    await notifier.put(Array.from({ length: findings }, (_, number) => distinct(number)));
    await notifier.untilEmpty(2_400);
    const seconds = (Date.now() - started) / 1_000;
    const messages = await notifier.messages();
    const told = await everythingTold(notifier, messages);
    const times = Array.from({ length: findings }, (_, number) => told.split(`Finding number ${number}.`).length - 1);
    const records = await notifier.records();
    const inDigest = (number: number) => records.get(`finding-${number}`) === 'digest';
    console.table([
      {
        way,
        findings,
        messages: messages.length,
        digests: messages.filter(({ payload }) => payload.text?.includes('in one message')).length,
        // A digest through a webhook lists what there is room for, and counts the rest.
        'only counted in a digest': times.filter((found, number) => found === 0 && inDigest(number)).length,
        lost: times.filter((found, number) => found === 0 && !inDigest(number)).length,
        doubled: times.filter((found) => found > 1).length,
        'dead letters': (await notifier.waiting()).deadLetters,
        seconds: Number(seconds.toFixed(1)),
      },
    ]);
  } finally {
    await notifier.close();
  }
}

/** A finding of its own resource; Critical ones go around the digests. */
function distinct(number: number): unknown {
  return findingEvent({
    id: `finding-${number}`,
    title: `Finding number ${number}.`,
    severity: number % 100 === 0 ? 9 : 8,
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: `i-${number}` } },
  });
}

/** The lines for notifications, one for each message, and the files of the digests. */
async function everythingTold(notifier: DeployedNotifier, messages: readonly ReceivedMessage[]): Promise<string> {
  const files = await notifier.files();
  // A webhook's digest lists what it holds in its blocks, as far as there is room; the rest is in the alert table.
  const digests =
    way === 'webhook' ? messages.map(({ payload }) => JSON.stringify(payload.attachments?.slice(0, 1))) : [];
  const texts = messages.map(({ payload }) => payload.text ?? '');
  return [
    ...(threshold === '0'
      ? texts
      : [...texts, ...digests.filter((_, index) => texts[index]?.includes('in one message'))]),
    ...files,
  ].join('\n');
}

void main();
