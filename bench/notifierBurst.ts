// 1,000 findings at once through the local organization, with a Slack that throttles and drops connections. Fails when
// one is lost, or doubled although its sender could have known that it was accepted.
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
    await report(notifier, (Date.now() - started) / 1_000);
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

/** A text that tells of findings, and whether Slack accepted it and dropped the connection. */
interface Telling {
  readonly text: string;
  readonly dropped: boolean;
}

async function report(notifier: DeployedNotifier, seconds: number): Promise<void> {
  const messages = await notifier.messages();
  const tellings = [...messages.map(tellingOf), ...(await notifier.files()).map((text) => ({ text, dropped: false }))];
  const records = await notifier.records();
  const numbers = Array.from({ length: findings }, (_, number) => number);
  const of = new Map(numbers.map((number) => [number, tellings.filter(({ text }) => tells(text, number))]));
  const untold = numbers.filter((number) => of.get(number)?.length === 0);
  const doubled = numbers.filter((number) => (of.get(number)?.length ?? 0) > 1);
  const unknowable = doubled.filter((number) => (of.get(number) ?? []).filter(({ dropped }) => !dropped).length <= 1);
  // A digest through a webhook lists what there is room for, and counts the rest.
  const lost = untold.filter((number) => records.get(`finding-${number}`) !== 'digest');
  const { deadLetters } = await notifier.waiting();
  const digests = messages.filter(isDigest);
  console.table([
    {
      way,
      findings,
      messages: messages.length,
      digests: digests.length,
      'accepted and dropped': messages.filter(({ dropped }) => dropped).length,
      'only counted in a digest': untold.length - lost.length,
      lost: lost.length,
      'dead letters': deadLetters,
      seconds: Number(seconds.toFixed(1)),
    },
  ]);
  console.log(`lost ${lost.length}`);
  console.log(`doubled ${doubled.length}, of which ${unknowable.length} accepted and dropped`);
  const allowed = way === 'webhook' ? unknowable.length : 0;
  if (lost.length > 0 || deadLetters > 0 || doubled.length > allowed) {
    process.exitCode = 1;
  }
}

function isDigest({ payload }: ReceivedMessage): boolean {
  return payload.text?.includes('in one message') === true;
}

/** A message's line for notifications; a digest through a webhook lists what it holds in its blocks. */
function tellingOf(message: ReceivedMessage): Telling {
  const blocks = way === 'webhook' && isDigest(message) ? JSON.stringify(message.payload.attachments?.slice(0, 1)) : '';
  return { text: `${message.payload.text ?? ''}\n${blocks}`, dropped: message.dropped === true };
}

function tells(text: string, number: number): boolean {
  return text.includes(`Finding number ${number}.`);
}

void main();
