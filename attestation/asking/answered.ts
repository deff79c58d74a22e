import type { FollowUpBody } from '../../notifier/followUp';
import { mrkdwn } from '../../notifier/message/escape';
import type { Question } from '../questions/question';
import type { AnswerContent } from '../record/content';
import { editButton, section, withBlocks } from './blocks';
import { actor, person } from './words';

/** The question's message as it stands once it is answered; a later version of the answer changes it again. */
export function answeredFollowUp(question: Question, answer: AnswerContent): FollowUpBody {
  const { id, asked } = question;
  const by = { person: '', substitute: ', in their place', anybody: ', whom nobody had named' }[answer.as];
  const head = `${person(asked.person, question.called?.slackUser)}: answered by ${actor(answer.by)}${by}`;
  const version = answer.version > 1 ? ` (version ${answer.version})` : '';
  const ticket = answer.ticket === undefined ? '' : `\n*Ticket:* ${mrkdwn(answer.ticket, 200)}${ticketWords(answer)}`;
  const text = `:white_check_mark: ${head}${version}\n*Purpose:* ${mrkdwn(answer.purpose, 1_500)}${ticket}`;
  return {
    followUp: {
      id: `${id}:answer-${answer.version}`,
      replaces: id,
      ...withBlocks(text, [section(text), editButton(id)]),
    },
    detection: asked.detection,
    event: asked.event,
  };
}

function ticketWords({ ticketCheck }: AnswerContent): string {
  switch (ticketCheck) {
    case 'confirmed':
      return ' (confirmed)';
    case 'unconfirmed':
      return ' (could not be confirmed)';
    case 'pattern':
    case 'none':
      return '';
  }
}
