import type { FollowUpBody } from '../../notifier/followUp';
import { mrkdwn } from '../../notifier/message/escape';
import type { Question } from '../questions/question';
import type { AnswerContent } from '../record/content';
import type { AttestationSettings } from '../settings';
import { type AttestationWords, attestationWords } from '../words';
import { editButton, section, withBlocks } from './blocks';
import { actor, person } from './words';

/** The question's message as it stands once it is answered; a later version of the answer changes it again. */
export function answeredFollowUp(
  question: Question,
  answer: AnswerContent,
  settings: Pick<AttestationSettings, 'language'>,
): FollowUpBody {
  const words = attestationWords(settings);
  const { id, asked } = question;
  const whom = person(asked.person, words, question.called?.slackUser);
  const head = words.answered(whom, actor(answer.by, words), answer.as);
  const version = answer.version > 1 ? words.version(answer.version) : '';
  const ticket =
    answer.ticket === undefined
      ? ''
      : `\n*${words.ticket}:* ${mrkdwn(answer.ticket, 200)}${ticketWords(answer, words)}`;
  const text = `:white_check_mark: ${head}${version}\n*${words.purpose}:* ${mrkdwn(answer.purpose, 1_500)}${ticket}`;
  return {
    followUp: {
      id: `${id}:answer-${answer.version}`,
      replaces: id,
      ...withBlocks(text, [section(text), editButton(id, words)]),
    },
    detection: asked.detection,
    event: asked.event,
  };
}

function ticketWords({ ticketCheck }: AnswerContent, words: AttestationWords): string {
  switch (ticketCheck) {
    case 'confirmed':
    case 'unconfirmed':
      return words.ticketCheck(ticketCheck);
    case 'pattern':
    case 'none':
      return '';
  }
}
