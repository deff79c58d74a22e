import { mrkdwn } from '../../notifier/message/escape';
import { asDeliveryError } from '../../notifier/transports/errors';
import { announce } from '../questions/announce';
import { type AnswerOutcome, answerQuestion } from '../questions/answer';
import type { Question } from '../questions/question';
import { standingOf } from '../questions/standing';
import { openQuestionsOf, questionForThread } from '../questions/thread';
import { fromFreeText } from '../questions/ticket';
import type { AttestationTools } from '../questions/tools';
import { attestationWords } from '../words';
import { announcedWords, announceRequest } from './announcing';
import { answerRequest } from './answering';
import { announcementView, answerView, wordsView } from './forms';
import { isFirst } from './once';
import { answerCommand, tell } from './place';
import { writtenText } from './text';
import type { BotTools } from './tools';
import type { AnnouncementWork, AnswerWork, MessageWork, Place, Work } from './work';

export type Working = BotTools & { readonly attestation: AttestationTools };

const day = 86_400;

/**
 * Does what was left for later. It can come several times, in part or whole: the record counts an id once, and nobody
 * is told twice.
 *
 * @throws what the record, Slack or the table throw: it has to come again
 */
export function workOff(work: Work, tools: Working): Promise<void> {
  switch (work.kind) {
    case 'answer':
      return answer(work, tools);
    case 'announcement':
      return announcement(work, tools);
    case 'message':
      return message(work, tools);
  }
}

const thanks = 'Thank you. Your answer is recorded.';

function answerWords(outcome: AnswerOutcome, { settings }: Working): string {
  return attestationWords(settings).sentence(outcome.kind === 'refused' ? outcome.text : thanks);
}

async function answer(work: AnswerWork, tools: Working): Promise<void> {
  const outcome = await answerQuestion(answerRequest(work), tools.attestation);
  const words = answerWords(outcome, tools);
  const view =
    outcome.kind === 'refused'
      ? answerView({ question: work.question, place: work.place }, tools.attestation.settings.ticket, {
          about: `:warning: ${mrkdwn(words, 500)}`,
          typed: work,
          language: tools.settings.language,
        })
      : wordsView('Purpose of use', words, tools.settings.language);
  await show(work, view, words, tools);
}

async function announcement(work: AnnouncementWork, tools: Working): Promise<void> {
  const outcome = await announce(announceRequest(work), tools.attestation);
  const { language } = tools.settings;
  const words = announcedWords(outcome, language);
  const { ticket, longestAnnouncementSeconds } = tools.attestation.settings;
  const view =
    outcome.kind === 'refused'
      ? announcementView({ place: work.place }, ticket, longestAnnouncementSeconds, {
          about: `:warning: ${mrkdwn(words, 500)}`,
          typed: work,
          language,
        })
      : wordsView('Announce a use', words, language);
  await show(work, view, words, tools);
}

/** In the window that waits, if it is still open; else where it was opened. */
async function show(
  work: AnswerWork | AnnouncementWork,
  view: ReturnType<typeof wordsView>,
  words: string,
  tools: Working,
): Promise<void> {
  const { view: waiting } = work;
  if (waiting !== undefined) {
    try {
      await tools.slack((client) => client.views.update({ view_id: waiting, view }));
      return;
    } catch (error) {
      comesAgain(error);
    }
  }
  const to = 'responseUrl' in work && work.responseUrl !== undefined ? work.responseUrl : work.place;
  if (to !== undefined) {
    await sayOnce(work, to, words, tools);
  }
}

/** Rethrows what may be better later; a closed window or a channel without the bot stays as it is. */
function comesAgain(error: unknown): void {
  const failure = asDeliveryError(error);
  if (failure?.failure !== 'refused' || failure.reason === 'no_answer') {
    throw error;
  }
}

async function sayOnce(
  { id, by }: Pick<Work, 'id' | 'by'>,
  to: Place | string,
  words: string,
  tools: Working,
): Promise<void> {
  const key = `said:${id}`;
  if (!(await isFirst(tools.table, key, day, tools.now()))) {
    return;
  }
  try {
    const text = mrkdwn(words, 2_900);
    await (typeof to === 'string' ? answerCommand(to, text) : tell(tools, to, by.id, text));
  } catch (error) {
    await tools.table.put({ id: key, expiresAt: 0 });
    comesAgain(error);
    tools.log('warning', 'bot.person.untold', { reason: asDeliveryError(error)?.reason });
  }
}

/** Of a message, whatever becomes of it later: an edit is another version of the same. */
const sourceOf = ({ place, ts }: MessageWork) => `message:${place.channel}:${ts}`;

async function message(work: MessageWork, tools: Working): Promise<void> {
  const question = work.direct ? await theOne(work, tools) : await theirs(work, tools);
  if (question === undefined) {
    return;
  }
  const { settings } = tools.attestation;
  const outcome = await answerQuestion(
    {
      question: question.id,
      person: { slackUser: work.by.id, name: await nameOf(work, tools) },
      ...fromFreeText(writtenText(work.text), settings.ticket),
      slackEventId: work.edited === undefined ? sourceOf(work) : `${sourceOf(work)}:${work.edited}`,
      at: new Date(work.at),
    },
    tools.attestation,
  );
  await sayOnce(work, work.place, answerWords(outcome, tools), tools);
}

/** Seconds for which words wait for their question to be found. */
const patience = 60;

/** A question was posted, but the notifier has not written down where: soon it will be found. */
class QuestionNotYetThere extends Error {
  override readonly name = 'QuestionNotYetThere';
}

/**
 * The question in the thread that the words answer: people talk there, and only those who may answer are taken at their
 * word.
 *
 * @throws QuestionNotYetThere
 */
async function theirs(work: MessageWork, tools: Working): Promise<Question | undefined> {
  const { attestation, now } = tools;
  const place = { channel: work.place.channel, thread: work.place.thread ?? work.ts };
  const question = await questionForThread(place, work.by.id, attestation);
  if (question && counts(work, question) && (await standingOf(work.by.id, question, attestation)) !== undefined) {
    return question;
  }
  const age = (now().getTime() - Date.parse(work.at)) / 1_000;
  if (age < patience && (await openQuestionsOf(work.by.id, attestation.table)).length > 0) {
    throw new QuestionNotYetThere();
  }
  return undefined;
}

/** The first words in a thread are the answer, and what is made of them later; the rest is talk. */
function counts(work: MessageWork, { answers }: Question): boolean {
  const source = sourceOf(work);
  const isAnswer = answers.some(({ slackEvent }) => slackEvent === source || slackEvent.startsWith(`${source}:`));
  return isAnswer || answers.length === 0;
}

/** A direct message answers the one open question of whoever writes. */
async function theOne(work: MessageWork, tools: Working): Promise<Question | undefined> {
  const open = await openQuestionsOf(work.by.id, tools.attestation.table);
  if (open.length === 1) {
    return open[0];
  }
  const words =
    open.length === 0
      ? 'There is no question to you that is open.'
      : `There are ${open.length} open questions to you: please answer each in its thread, or with its button.`;
  await sayOnce(work, work.place, attestationWords(tools.settings).sentence(words), tools);
  return undefined;
}

async function nameOf({ by }: MessageWork, { attestation }: Working): Promise<string | undefined> {
  return by.name ?? (await attestation.slack.profileOf(by.id))?.name;
}
