import type { KnownBlock } from '@slack/types';
import type { AttestationWords } from '../words';

/** Of a section of Block Kit: 3,000 characters. */
const longestText = 2_900;

/** Cut visibly, and not within an entity or a mention. */
function fitted(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1).replace(/(&\w{0,5}|<[^>]*)$/, '')}…`;
}

/** A section of mrkdwn, cut to what Slack takes. */
export function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: fitted(text) } };
}

/** The button that opens the form; the bot knows it by its `action_id`, the question by its value. */
export function answerButton(question: string, words: AttestationWords): KnownBlock {
  return button(question, words.sentence('Answer'), 'primary');
}

/** The same, once there is an answer. */
export function editButton(question: string, words: AttestationWords): KnownBlock {
  return button(question, words.sentence('Correct the answer'));
}

function button(question: string, label: string, style?: 'primary'): KnownBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'attest_answer',
        value: question,
        text: { type: 'plain_text', text: label },
        ...(style === undefined ? {} : { style }),
      },
    ],
  };
}

/** Text and blocks of a follow-up. */
export function withBlocks(text: string, blocks: readonly KnownBlock[]) {
  return { text: fitted(text), blocks };
}
