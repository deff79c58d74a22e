import { manyLines, oneLine } from '../../notifier/message/escape';
import { answeredFollowUp } from '../asking/answered';
import type { AnswerContent, AnswersAs, TicketCheck } from '../record/content';
import { record } from '../record/record';
import { type Question, questionById } from './question';
import { standingOf } from './standing';
import { questionForThread, type ThreadPlace } from './thread';
import { checkTicket } from './ticket';
import type { AttestationTools } from './tools';

/** Somebody in Slack. */
export interface SlackPerson {
  /** Id of the user: `U…` or `W…`. */
  readonly slackUser: string;
  readonly name?: string;
}

export interface AnswerRequest {
  /** Id of the question (value of the button), or the thread in which it was answered. */
  readonly question: string | ThreadPlace;
  readonly person: SlackPerson;
  readonly purpose: string;
  readonly ticket?: string;
  /** The same when Slack sends it again, such as `event_id` or `trigger_id`: counted once. */
  readonly slackEventId: string;
  readonly at: Date;
}

export type AnswerRefusal =
  | 'unknownQuestion'
  | 'notYours'
  | 'noPurpose'
  | 'ticketMissing'
  | 'ticketMalformed'
  | 'ticketUnknown';

type Taken = Extract<AnswerOutcome, { readonly question: Question }>;

/** `text` is for whoever answered, in plain text. */
export type AnswerOutcome =
  | { readonly kind: 'recorded' | 'again'; readonly question: Question; readonly answer: AnswerContent }
  | { readonly kind: 'refused'; readonly reason: AnswerRefusal; readonly text: string };

/** Longest texts that are kept. */
export const longestPurpose = 2_000;
export const longestTicket = 100;

/**
 * Records an answer as a new version, once for each `slackEventId`, and has the question's message say so. The same
 * request can come again at any time, as after a function was killed: what is missing is then made up for.
 *
 * @throws RecordUnavailable, RecordBusy, SlackUnavailable, TableUnavailable; the request has to come again
 */
export async function answerQuestion(request: AnswerRequest, tools: AttestationTools): Promise<AnswerOutcome> {
  const checked = await checkAnswer(request, tools);
  return 'kind' in checked ? checked : write(request, checked.question.id, checked.content, tools);
}

type Refused = Extract<AnswerOutcome, { readonly kind: 'refused' }>;

/**
 * What would be recorded, or why it is refused. Writes nothing.
 *
 * @throws RecordUnavailable, SlackUnavailable, TableUnavailable
 */
export async function checkAnswer(
  request: AnswerRequest,
  tools: AttestationTools,
): Promise<{ readonly question: Question; readonly content: Checked } | Refused> {
  const question = await questionOf(request, tools);
  if (question === undefined) {
    return refused('unknownQuestion', 'There is no such question any more.');
  }
  const purpose = manyLines(request.purpose).slice(0, longestPurpose);
  if (purpose === '') {
    return refused('noPurpose', 'Please say what it was for.');
  }
  const as = await standingOf(request.person.slackUser, question, tools);
  if (as === undefined) {
    return refused(
      'notYours',
      'This was asked of somebody else. Only they, or the people appointed for it, may answer.',
    );
  }
  const ticket = oneLine(request.ticket ?? '').slice(0, longestTicket) || undefined;
  const checked = await checkTicket(ticket, request.person.slackUser, tools);
  if (typeof checked === 'object') {
    return { kind: 'refused', ...checked };
  }
  return { question, content: { purpose, ticket, ticketCheck: checked, as } };
}

interface Checked {
  readonly purpose: string;
  readonly ticket?: string;
  readonly ticketCheck: TicketCheck;
  readonly as: AnswersAs;
}

async function write(
  { person, slackEventId, at }: AnswerRequest,
  id: string,
  checked: Checked,
  tools: AttestationTools,
): Promise<AnswerOutcome> {
  const { result } = await record<Taken>(tools, async () => {
    const question = (await questionById(tools.table, id)) as Question;
    const earlier = question.answers.find((answer) => answer.slackEvent === slackEventId);
    if (earlier !== undefined) {
      return { contents: [], result: { kind: 'again', question, answer: earlier } };
    }
    const answer: AnswerContent = {
      kind: 'answer',
      at: at.toISOString(),
      question: id,
      version: question.answers.length + 1,
      ...checked,
      by: { slackUser: person.slackUser, name: oneLine(person.name ?? '').slice(0, 80) || undefined },
      slackEvent: slackEventId.slice(0, 200),
    };
    const answered = { ...question, answers: [...question.answers, answer] };
    return { contents: [answer], result: { kind: 'recorded', question: answered, answer } };
  });
  await tools.say(answeredFollowUp(result.question, result.answer, tools.settings));
  return result;
}

async function questionOf({ question, person }: AnswerRequest, tools: AttestationTools): Promise<Question | undefined> {
  return typeof question === 'string'
    ? questionById(tools.table, question)
    : questionForThread(question, person.slackUser, tools);
}

function refused(reason: AnswerRefusal, text: string): Refused {
  return { kind: 'refused', reason, text };
}
