import { questionsFrom } from '../questions/question';
import type { AttestationTools } from '../questions/tools';
import type { Entry } from '../record/chain';
import type { SummaryContent } from '../record/content';
import { record } from '../record/record';
import { attestationWords } from '../words';
import { isOver } from './due';

/**
 * Once a day, a summary goes into the record: from where the timer has to read, and what is open. What it says in Slack
 * ends with the end of the chain, which nobody with power over AWS can take back there.
 *
 * @throws RecordUnavailable, RecordBusy
 */
export async function summarise(entries: readonly Entry[], tools: AttestationTools): Promise<void> {
  const day = tools.now().toISOString().slice(0, 10);
  const isToday = ({ content }: Entry) => content.kind === 'summary' && content.day === day;
  const [newest] = await tools.table.under('summary', 1);
  const questions = questionsFrom(entries);
  const waiting = questions.filter((question) => !isOver(question, tools.settings));
  const last = entries.at(-1)?.number ?? 0;
  const summary: SummaryContent = {
    kind: 'summary',
    at: tools.now().toISOString(),
    day,
    since: Math.min(last + 1, ...waiting.map(({ number }) => number)),
    open: questions.filter(({ answers }) => answers.length === 0).length,
  };
  const { entries: written } = await record(tools, async () => {
    const [current] = await tools.table.under('summary', 1);
    return { contents: current !== undefined && isToday(current) ? [] : [summary], result: undefined };
  });
  const entry = written[0] ?? (newest !== undefined && isToday(newest) ? newest : undefined);
  // Said again with every run of the first hour: a function may have been killed before, and an id is posted once.
  if (entry !== undefined && isRecent(entry, tools.now())) {
    await say(entry, entries, tools);
  }
}

const hour = 3_600_000;

function isRecent({ content }: Entry, now: Date): boolean {
  return now.getTime() - Date.parse(content.at) < hour;
}

async function say(
  { number, hash, content }: Entry,
  entries: readonly Entry[],
  tools: AttestationTools,
): Promise<void> {
  const channel = tools.settings.summaryChannel;
  if (channel === undefined || content.kind !== 'summary') {
    return;
  }
  const count = (kind: Entry['content']['kind']) => entries.filter((entry) => entry.content.kind === kind).length;
  const text = attestationWords(tools.settings).summary({
    day: content.day,
    since: content.since,
    uses: count('use'),
    questions: count('question'),
    answers: count('answer'),
    open: content.open,
    end: `${number}:${hash}`,
  });
  await tools.say({
    followUp: { id: `attest-summary:${content.day}`, channel, text },
    event: {
      source: 'garrison.attestation',
      'detail-type': 'Garrison Attestation Summary',
      account: tools.settings.securityAccountId,
      region: tools.settings.homeRegion,
      time: content.at,
      detail: { day: content.day, number, hash },
    },
  });
}
