import type { AnswersAs } from '../record/content';
import type { Question } from './question';
import type { AttestationTools } from './tools';

/**
 * As whom somebody answers a question: as the person, in their place, or as anybody where the question could call
 * nobody by name (root, or nobody found). `undefined` when it is not theirs to answer.
 *
 * @throws SlackUnavailable when the members of a group cannot be read
 */
export async function standingOf(
  slackUser: string,
  question: Question,
  { settings, slack }: Pick<AttestationTools, 'settings' | 'slack'>,
): Promise<AnswersAs | undefined> {
  const { called, asked } = question;
  if ([called?.slackUser, asked.person.slackUser].includes(slackUser)) {
    return 'person';
  }
  const { users, groups } = settings.substitutes;
  if (users.includes(slackUser)) {
    return 'substitute';
  }
  for (const group of groups) {
    if ((await slack.membersOf(group)).includes(slackUser)) {
      return 'substitute';
    }
  }
  return called !== undefined && called.slackUser === undefined ? 'anybody' : undefined;
}
