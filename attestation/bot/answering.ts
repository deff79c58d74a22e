import { mrkdwn } from '../../notifier/message/escape';
import { type AnswerRefusal, type AnswerRequest, checkAnswer } from '../questions/answer';
import { answerOf, type Question, questionById } from '../questions/question';
import type { AttestationTools } from '../questions/tools';
import { attestationWords } from '../words';
import { late, within } from './budget';
import { answerView, type FormMemory, memoryOf, type Submitted, typedIn, wordsView } from './forms';
import { type ClickBody, clicker, placeOf } from './place';
import type { BotTools } from './tools';
import type { AnswerWork } from './work';

/** What a submission is answered with: nothing closes the form. */
export type SubmissionAnswer =
  | undefined
  | { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly response_action: 'update'; readonly view: ReturnType<typeof wordsView> };

type Answering = BotTools & { readonly attestation: AttestationTools };

/** Milliseconds for a look at the question before its form opens; it opens without one, too. */
const lookMilliseconds = 700;
/** What is kept of the time for leaving the work to the queue. */
const reserveMilliseconds = 600;

/** Opens the form for an answer. Rejects with `DeliveryError` when Slack does not. */
export async function openAnswerForm(body: ClickBody, question: string, tools: Answering): Promise<void> {
  const { table, settings, log } = tools.attestation;
  const found = await within(lookMilliseconds, questionById(table, question)).catch(() => {
    log('warning', 'bot.question.unread');
    return undefined;
  });
  const known = found === late ? undefined : found;
  const answer = known && answerOf(known);
  const memory: FormMemory = { question, place: placeOf(body) };
  const view = answerView(memory, settings.ticket, {
    language: settings.language,
    about: known === undefined ? '' : aboutQuestion(known, tools.attestation),
    typed: { purpose: answer?.purpose, ticket: answer?.ticket },
  });
  await tools.slack((client) => client.views.open({ trigger_id: body.trigger_id ?? '', view }));
}

/** Who is asked, of what: mrkdwn. */
function aboutQuestion({ asked }: Question, { settings }: AttestationTools): string {
  const account = settings.accounts.find(({ id }) => id === asked.event.account);
  const place = account?.name === undefined ? (asked.event.account ?? '') : `${account.name} (${account.id})`;
  return attestationWords(settings).sentence(
    `What did *${mrkdwn(asked.person.name, 200)}* use a privilege in *${mrkdwn(place, 200)}* for?`,
  );
}

/** A form that was submitted, as the work that it is. */
export function answerWork(body: ClickBody, view: Submitted, at: Date): AnswerWork {
  const { question = '', place } = memoryOf(view);
  const { purpose, ticket } = typedIn(view);
  const id = `view:${view.id}:${view.hash ?? ''}`;
  return {
    kind: 'answer',
    id,
    question,
    by: clicker(body),
    purpose,
    ticket,
    at: at.toISOString(),
    view: view.id,
    place,
  };
}

/** The work as the core takes it. */
export function answerRequest(work: AnswerWork): AnswerRequest {
  return {
    question: work.question,
    person: { slackUser: work.by.id, name: work.by.name },
    purpose: work.purpose,
    ticket: work.ticket,
    slackEventId: work.id,
    at: new Date(work.at),
  };
}

/**
 * Deals with a submitted form: what is wrong with it, the form says at once. The record is written by the second
 * function; when the check takes too long, that is left to it, too, and the form says so.
 */
export async function submitAnswer(work: AnswerWork, tools: Answering, left: () => number): Promise<SubmissionAnswer> {
  const checked = await checkedInTime(checkAnswer(answerRequest(work), tools.attestation), tools, left);
  if (checked !== undefined && 'kind' in checked) {
    return refusal(checked.reason, attestationWords(tools.settings).sentence(checked.text));
  }
  await tools.later(work);
  const words = 'Your answer is being recorded. This takes a moment; you may close this window.';
  return checked === undefined
    ? { response_action: 'update', view: wordsView('Purpose of use', words, tools.settings.language) }
    : undefined;
}

/** The result of a check; `undefined` when it failed or took too long: the second function checks again. */
export async function checkedInTime<Result>(
  check: Promise<Result>,
  { log }: BotTools,
  left: () => number,
): Promise<Result | undefined> {
  try {
    const result = await within(left() - reserveMilliseconds, check);
    if (result !== late) {
      return result;
    }
    log('warning', 'bot.check.later', { reason: 'late' });
  } catch (error) {
    log('warning', 'bot.check.later', { reason: reasonOf(error) });
  }
  return undefined;
}

const ticketRefusals: readonly AnswerRefusal[] = ['ticketMissing', 'ticketMalformed', 'ticketUnknown'];

function refusal(reason: AnswerRefusal, words: string): SubmissionAnswer {
  const field = ticketRefusals.includes(reason) ? 'ticket' : 'purpose';
  return { response_action: 'errors', errors: { [field]: words.slice(0, 300) } };
}

/** A word for the log. */
export function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return /^\w{1,60}$/.test(name) ? name : 'Error';
}
