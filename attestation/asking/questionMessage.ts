import { text as textOf } from '../../notifier/events/read';
import type { FollowUpBody } from '../../notifier/followUp';
import { code, mrkdwn } from '../../notifier/message/escape';
import { roleAsKnown } from '../people/role';
import { readUse } from '../people/use';
import { answerOf, type Question } from '../questions/question';
import type { UseContent } from '../record/content';
import type { AttestationSettings } from '../settings';
import { attestationWords } from '../words';
import { answeredFollowUp } from './answered';
import { answerButton, section, withBlocks } from './blocks';
import { mention, person } from './words';

/** The question under the alert: calls the person, or everybody there where nobody is known by name. */
export function questionFollowUp(question: Question, settings: AttestationSettings): FollowUpBody {
  const { id, asked, called } = question;
  const whom = mention(called?.slackUser) || mention('here');
  const words = attestationWords(settings);
  const who = called?.slackUser === undefined ? person(asked.person, words) : '';
  const wanted = settings.ticket.required ? words.wantedWithTicket : words.wanted;
  const text = `${whom} ${what(question, who, settings)} *${wanted}*`;
  const hint = words.hint(clock(asked.until));
  return {
    followUp: {
      id,
      answerable: true,
      ...withBlocks(`${text} ${hint}`, [
        section(text),
        answerButton(id, words),
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
    answer === undefined ? questionFollowUp(question, settings) : answeredFollowUp(question, answer, settings);
  const listed = [`*${attestationWords(settings).uses(uses.length)}:*`, ...lines(uses, settings)].join('\n');
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
  const words = attestationWords(settings);
  const text = words.reminder(mention(whom), what(question, person(asked.person, words), settings), uses);
  return {
    followUp: { id: `${id}:${step}`, answerable: true, ...withBlocks(text, [section(text), answerButton(id, words)]) },
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
  const words = attestationWords(settings);
  const whom = person(asked.person, words, question.called?.slackUser);
  const head = words.escalation(mentions.map(mention).join(' '), whom, clock(asked.at));
  const text = [head, ...lines(uses, settings)].join('\n');
  return {
    followUp: {
      id: `${id}:escalation`,
      answerable: true,
      channel,
      ...withBlocks(text, [section(text), answerButton(id, words)]),
    },
    detection: asked.detection,
    event: asked.event,
  };
}

const mostListed = 10;

function lines(uses: readonly UseContent[], settings: AttestationSettings): string[] {
  const listed = uses.slice(0, mostListed).map((use) => `• ${useLine(use, settings)}`);
  return uses.length > mostListed
    ? [...listed, `• ${attestationWords(settings).more(uses.length - mostListed)}`]
    : listed;
}

/** `bob used AdministratorAccess in production (111122223333) by AssumeRole at 10:31 from 203.0.113.7.` */
function what({ asked }: Question, who: string, settings: AttestationSettings): string {
  const use = readUse({ detection: asked.detection, event: asked.event }, settings);
  if ('leftOut' in use) {
    return `${who}: ${mrkdwn(asked.detection.title, 200)}.`;
  }
  const where = accountName(use.account, settings);
  const words = attestationWords(settings);
  const address = textOf(asked.event.detail, 'sourceIPAddress');
  const from = address === undefined ? undefined : code(address, 80);
  const time = clock(use.time.toISOString());
  const by = code(use.by, 100);
  return use.root
    ? words.rootUsed({ role: by, place: where, time, from })
    : words.used({
        who,
        role: code(roleAsKnown(use.role ?? use.by), 150),
        place: where,
        time,
        by: use.role === undefined ? undefined : by,
        from,
      });
}

function useLine({ time, role, by, account }: UseContent, settings: AttestationSettings): string {
  const words = attestationWords(settings);
  return words.listed(clock(time), code(roleAsKnown(role ?? by), 150), accountName(account, settings));
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
