import { ask } from '../asking/ask';
import { escalationFollowUp, reminderFollowUp } from '../asking/questionMessage';
import { wildcard } from '../people/wildcard';
import { type Question, questionById, questionsFrom } from '../questions/question';
import type { AttestationTools } from '../questions/tools';
import { usesOf } from '../questions/uses';
import type { Entry } from '../record/chain';
import type { UseContent } from '../record/content';
import { record } from '../record/record';
import { type Due, dueOf } from './due';
import { summarise } from './summary';

export interface TimerTools extends AttestationTools {
  /** Milliseconds that remain to this invocation. */
  readonly remaining: () => number;
}

/** Below this nothing new is begun: the next run goes on. */
const needed = 5_000;

/**
 * What the time brings: reminders, escalations, the day's summary. A step is said first and recorded then: a function
 * that is killed in between says it again under the same id, and the notifier posts each id once.
 *
 * @throws RecordUnavailable, RecordBusy
 */
export async function runTimer(tools: TimerTools): Promise<void> {
  const entries = await recent(tools);
  for (const question of questionsFrom(entries)) {
    const due = dueOf(question, tools.now(), tools.settings);
    if (due !== undefined && tools.remaining() >= needed) {
      await take(question, due, tools).catch((error: unknown) => noted(question, error, tools));
    }
  }
  await summarise(entries, tools);
  const { number, hash } = await tools.table.tail();
  tools.log('info', 'attestation.head', { number, hash });
}

/** Entries that the timer has still to see: from where the last summary says. */
async function recent({ table }: TimerTools): Promise<Entry[]> {
  const [last] = await table.under('summary', 1);
  const since = last?.content.kind === 'summary' ? last.content.since : 1;
  const entries: Entry[] = [];
  for await (const entry of table.from(since)) {
    entries.push(entry);
  }
  return entries;
}

/** One question must not hold up the others: its step is due again with the next run. */
function noted(question: Question, error: unknown, { log }: TimerTools): void {
  const { name } = error as { name?: string };
  log('error', 'attestation.step.failed', { question: question.id, reason: /^\w{1,60}$/.test(name ?? '') ? name : '' });
}

async function take(seen: Question, due: Due, tools: TimerTools): Promise<void> {
  if (due.kind === 'ask') {
    return ask(seen.id, tools);
  }
  // Somebody may have answered since the entries were read.
  const question = (await questionById(tools.table, seen.id)) ?? seen;
  if (question.answers.length > 0 || question.steps.some(({ step }) => step === due.step)) {
    return;
  }
  const uses = await usesOf(question.id, tools);
  const words = due.kind === 'reminder' ? reminder(question, due.step, uses, tools) : escalation(question, uses, tools);
  await tools.say(words.followUp);
  await record(tools, async () => {
    const current = (await questionById(tools.table, question.id)) ?? question;
    const isDone = current.steps.some(({ step }) => step === due.step);
    const { mention, channel } = words;
    const content = {
      kind: due.kind,
      at: tools.now().toISOString(),
      question: question.id,
      step: due.step,
      mention,
      channel,
    };
    return { contents: isDone ? [] : [content], result: undefined };
  });
  tools.log('info', `attestation.${due.kind}`, { question: question.id, step: due.step });
}

function reminder(question: Question, step: string, uses: readonly UseContent[], { settings }: TimerTools) {
  const mention = question.called?.slackUser ?? 'here';
  return {
    followUp: reminderFollowUp(question, { step, mention }, settings, uses.length),
    mention,
    channel: undefined,
  };
}

function escalation(question: Question, uses: readonly UseContent[], { settings }: TimerTools) {
  const { key, name, email } = question.asked.person;
  const names = [email, name, key].filter((one): one is string => one !== undefined);
  const managers = settings.managers.find(({ people }) =>
    people.some((pattern) => names.some((one) => wildcard(pattern).test(one))),
  );
  const known = [managers?.mention, settings.escalation?.mention].filter((one): one is string => one !== undefined);
  const mentions = known.length > 0 ? [...new Set(known)] : ['here'];
  const channel = settings.escalation?.channel;
  return {
    followUp: escalationFollowUp(question, { mentions, channel }, settings, uses),
    mention: mentions.join(' '),
    channel,
  };
}
