import type { AlertTable } from '../../notifier/state/table';
import type { RecordTable } from '../record/table';
import { type Question, questionById, questionIdOf, questionsFrom } from './question';

/** A thread in Slack: id of the channel, and `ts` of the message that began it. */
export interface ThreadPlace {
  readonly channel: string;
  readonly thread: string;
}

interface ThreadTools {
  readonly table: RecordTable;
  /** The notifier's table: it knows which message stands where. */
  readonly alerts: Pick<AlertTable, 'get'>;
}

/** Questions of one person that are looked at: more are hardly open at once. */
const mostQuestions = 20;

/**
 * The question that somebody answers who writes in a thread. Several people may be asked under one alert: the writer's
 * own newest question there counts; else the last that was asked there. `undefined` when nothing is asked there.
 */
export async function questionForThread(
  { channel, thread }: ThreadPlace,
  slackUser: string | undefined,
  { table, alerts }: ThreadTools,
): Promise<Question | undefined> {
  const answers = await alerts.get(`answers:${channel}:${thread}`);
  const last = questionIdOf(String(answers?.followUp ?? ''));
  if (last === undefined) {
    return undefined;
  }
  const question = await questionById(table, last);
  if (slackUser === undefined || question?.called?.slackUser === slackUser) {
    return question;
  }
  for (const { content } of await table.under(`slack-user:${slackUser}`, mostQuestions)) {
    if (content.kind === 'asked' && (await standsIn({ channel, thread }, content.question, alerts))) {
      return questionById(table, content.question);
    }
  }
  return question;
}

async function standsIn(place: ThreadPlace, followUp: string, alerts: ThreadTools['alerts']): Promise<boolean> {
  const message = await alerts.get(`follow-up:${followUp}`);
  return message?.channel === place.channel && message.thread === place.thread;
}

/** The person's own questions without an answer, the newest first: for a direct message to the bot. */
export async function openQuestionsOf(slackUser: string, table: RecordTable): Promise<Question[]> {
  const asked = await table.under(`slack-user:${slackUser}`, mostQuestions);
  const questions: Question[] = [];
  for (const { content } of asked) {
    const [question] = content.kind === 'asked' ? questionsFrom(await table.under(`question:${content.question}`)) : [];
    if (question !== undefined && question.answers.length === 0) {
      questions.push(question);
    }
  }
  return questions;
}
