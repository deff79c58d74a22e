import { text as textOf } from '../../notifier/events/read';
import type { FollowUpBody } from '../../notifier/followUp';
import { code, mrkdwn } from '../../notifier/message/escape';
import { roleAsKnown } from '../people/role';
import { readUse } from '../people/use';
import { answerOf, type Question } from '../questions/question';
import type { UseContent } from '../record/content';
import type { AttestationSettings } from '../settings';
import { answeredFollowUp } from './answered';
import { answerButton, section, withBlocks } from './blocks';
import { mention, person } from './words';

/** The question under the alert: calls the person, or everybody there where nobody is known by name. */
export function questionFollowUp(question: Question, settings: AttestationSettings): FollowUpBody {
  const { id, asked, called } = question;
  const whom = mention(called?.slackUser) || mention('here');
  const who = called?.slackUser === undefined ? person(asked.person) : '';
  const wanted = settings.ticket.required ? 'What was it for, and which ticket?' : 'What was it for?';
  const text = `${whom} ${what(question, who, settings)} *${wanted}*`;
  const hint = `Answer with the button, or here in the thread. Uses until ${clock(asked.until)} belong to this question.`;
  return {
    followUp: {
      id,
      answerable: true,
      ...withBlocks(`${text} ${hint}`, [
        section(text),
        answerButton(id),
        { type: 'context', elements: [{ type: 'mrkdwn', text: hint }] },
      ]),
    },
    detection: asked.detection,
    event: asked.event,
  };
}

/** The question's message, with the uses that have joined it: in its place, so that it calls nobody again. */
export function joinedFollowUp(
  question: Question,
  uses: readonly UseContent[],
  settings: AttestationSettings,
): FollowUpBody {
  const answer = answerOf(question);
  const { followUp, ...alert } =
    answer === undefined ? questionFollowUp(question, settings) : answeredFollowUp(question, answer);
  const listed = [`*${uses.length} uses:*`, ...lines(uses, settings)].join('\n');
  const [first, ...rest] = followUp.blocks ?? [];
  return {
    ...alert,
    followUp: {
      id: `${question.id}:uses-${uses.length}`,
      replaces: question.id,
      answerable: true,
      ...withBlocks(`${followUp.text}\n${listed}`, [...(first ? [first] : []), section(listed), ...rest]),
    },
  };
}

/** A reminder in the thread. */
export function reminderFollowUp(
  question: Question,
  { step, mention: whom }: { readonly step: string; readonly mention: string },
  settings: AttestationSettings,
  uses: number,
): FollowUpBody {
  const { id, asked } = question;
  const times = uses > 1 ? ` (${uses} uses)` : '';
  const text = `${mention(whom)} still without an answer: ${what(question, person(asked.person), settings)}${times}`;
  return {
    followUp: { id: `${id}:${step}`, answerable: true, ...withBlocks(text, [section(text), answerButton(id)]) },
    detection: asked.detection,
    event: asked.event,
  };
}

/** An escalation: in the security channel where one is configured, else in the thread. */
export function escalationFollowUp(
  question: Question,
  { mentions, channel }: { readonly mentions: readonly string[]; readonly channel?: string },
  settings: AttestationSettings,
  uses: readonly UseContent[],
): FollowUpBody {
  const { id, asked } = question;
  const head = `${mentions.map(mention).join(' ')} :rotating_light: *Nobody has answered* for ${person(asked.person, question.called?.slackUser)}, asked ${clock(asked.at)}:`;
  const text = [head, ...lines(uses, settings)].join('\n');
  return {
    followUp: {
      id: `${id}:escalation`,
      answerable: true,
      channel,
      ...withBlocks(text, [section(text), answerButton(id)]),
    },
    detection: asked.detection,
    event: asked.event,
  };
}

const mostListed = 10;

function lines(uses: readonly UseContent[], settings: AttestationSettings): string[] {
  const listed = uses.slice(0, mostListed).map((use) => `• ${useLine(use, settings)}`);
  return uses.length > mostListed ? [...listed, `• … and ${uses.length - mostListed} more`] : listed;
}

/** `bob used AdministratorAccess in production (111122223333) by AssumeRole at 10:31 from 203.0.113.7.` */
function what({ asked }: Question, who: string, settings: AttestationSettings): string {
  const use = readUse({ detection: asked.detection, event: asked.event }, settings);
  if ('leftOut' in use) {
    return `${who}: ${mrkdwn(asked.detection.title, 200)}.`;
  }
  const where = accountName(use.account, settings);
  const done = use.root
    ? `root user of ${where}: ${code(use.by, 100)}`
    : `${who} used ${code(roleAsKnown(use.role ?? use.by), 150)} in ${where}`.trim();
  const how = use.root || use.role === undefined ? '' : ` by ${code(use.by, 100)}`;
  const from = textOf(asked.event.detail, 'sourceIPAddress');
  return `${done}${how} at ${clock(use.time.toISOString())}${from === undefined ? '' : ` from ${code(from, 80)}`}.`;
}

function useLine({ time, role, by, account }: UseContent, settings: AttestationSettings): string {
  return `${clock(time)} ${code(roleAsKnown(role ?? by), 150)} in ${accountName(account, settings)}`;
}

function accountName(id: string, { accounts }: AttestationSettings): string {
  const name = accounts.find((account) => account.id === id)?.name;
  return name === undefined ? code(id, 40) : `${mrkdwn(name, 80)} (${code(id, 40)})`;
}

/** In the reader's own time where Slack knows it; ISO 8601 in texts without it. */
export function clock(iso: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1_000);
  const written = `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${seconds}^{date_short_pretty} {time}|${written}>`;
}
