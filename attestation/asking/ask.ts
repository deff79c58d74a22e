import { type Question, questionById } from '../questions/question';
import { type AttestationTools, SlackUnavailable } from '../questions/tools';
import { record } from '../record/record';
import { questionFollowUp } from './questionMessage';

/**
 * Sees to it that a question is asked: finds the person in Slack, records whom it calls, and says it. It can be
 * interrupted anywhere and done again: a follow-up is posted once for its id.
 *
 * @throws RecordUnavailable, RecordBusy, SlackUnavailable
 */
export async function ask(id: string, tools: AttestationTools): Promise<void> {
  const question = await questionById(tools.table, id);
  if (question === undefined || question.answers.length > 0) {
    return;
  }
  const called = question.called === undefined ? await call(question, tools) : question;
  await tools.say(questionFollowUp(called, tools.settings));
  tools.log('info', 'attestation.asked', { question: id });
}

/** Records whom the question calls, once. */
async function call(question: Question, tools: AttestationTools): Promise<Question> {
  const slackUser = await personInSlack(question, tools);
  const { result } = await record(tools, async () => {
    const current = (await questionById(tools.table, question.id)) ?? question;
    if (current.called !== undefined) {
      return { contents: [], result: current };
    }
    const called = { kind: 'asked' as const, at: tools.now().toISOString(), question: question.id, slackUser };
    return { contents: [called], result: { ...current, called } };
  });
  return result;
}

/** Slack's answers that stay the same until somebody changes the app: nobody is found then, and everybody is called. */
const lasting = new Set([
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'access_denied',
  'ekm_access_denied',
  'team_access_not_granted',
  'enterprise_is_restricted',
  'method_deprecated',
  'invalid_arguments',
]);

async function personInSlack({ asked }: Question, { slack, log }: AttestationTools): Promise<string | undefined> {
  const { slackUser, email } = asked.person;
  if (slackUser !== undefined || email === undefined) {
    return slackUser;
  }
  try {
    return await slack.userByEmail(email);
  } catch (error) {
    if (error instanceof SlackUnavailable && lasting.has(error.reason)) {
      log('error', 'attestation.slack.refused', { reason: error.reason });
      return undefined;
    }
    throw error;
  }
}
