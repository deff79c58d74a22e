import type { KnownBlock } from '@slack/types';
import type { FollowUpBody } from '../notifier/followUp';
import { code, mrkdwn } from '../notifier/message/escape';
import { responderOf } from './catalog';
import type { Failure } from './failures';
import type { About } from './records';
import type { Outcome, Person, Response } from './response';

/** Slack takes 3,000 characters in a section. */
const longest = 2_900;
const mostLines = 12;
const mostOfAPart = 800;

const headlines: Readonly<Record<Outcome, string>> = {
  open: 'is being worked on',
  waiting: 'asks before it acts',
  acted: 'acted',
  partly: 'did part of it',
  failed: 'could not do it',
  notified: 'leaves it to you',
  nothing: 'found nothing left to do',
  changed: 'left it alone: it is no longer what the event told of',
  gone: 'found that it is gone',
  exempt: 'left it alone: exempt',
  stopped: 'stopped itself',
  declined: 'was told not to',
  expired: 'did nothing: nobody answered',
  ignored: 'has nothing to do with it',
};

/** The follow-up that tells what became of a response. */
export function outcomeReport(response: Response, about: About): FollowUpBody {
  const asked = response.asksUntil !== undefined;
  return followUp(response, about, 'outcome', linesOf(response), asked ? { replaces: idOf(response, 'asked') } : {});
}

/** The question, with its two buttons. */
export function questionReport(response: Response, about: About): FollowUpBody {
  const lines = [
    ...linesOf(response),
    `*Would do:* ${shown((response.steps ?? []).filter(({ reads }) => !reads).map(({ does }) => does))}`,
    `Asked until ${date(response.asksUntil)}.`,
  ];
  const body = followUp(response, about, 'asked', lines);
  const blocks: KnownBlock[] = [
    { type: 'section', text: { type: 'mrkdwn', text: body.followUp.text } },
    {
      type: 'actions',
      block_id: `respond-${response.id}`,
      elements: [
        button('respond_approve', 'Approve', 'primary', response.id),
        button('respond_decline', 'Decline', 'danger', response.id),
      ],
    },
  ];
  return { ...body, followUp: { ...body.followUp, blocks } };
}

/** Said once when a response is put off for longer. */
export function delayReport(response: Response, about: About, failure: Failure): FollowUpBody {
  const lines = [
    head(response, 'has to wait, and tries again'),
    `*Because:* ${code(failure.code, 100)} ${mrkdwn(failure.message, 300)}`,
  ];
  return followUp(response, about, 'delayed', lines);
}

/** Somebody clicked who may not decide. */
export function refusedReport(response: Response, about: About, { id, name }: Person): FollowUpBody {
  const lines = [
    head(response, 'still waits'),
    `${mrkdwn(name, 100)} may not decide: \`responders.approvers\` names who may.`,
  ];
  return followUp(response, about, `refused:${id.replace(/\W/g, '')}`, lines);
}

/** Who took a response back. */
export function undoneReport(response: Response, about: About, failures: readonly string[]): FollowUpBody {
  const lines = [
    head(response, failures.length === 0 ? 'was undone' : 'was undone in part'),
    `*By:* ${code(response.undone?.by ?? '', 300)}`,
    ...(failures.length > 0 ? [`*Not undone:* ${shown(failures)}`] : []),
  ];
  return followUp(response, about, `undone${failures.length > 0 ? '-partly' : ''}`, lines);
}

function followUp(
  response: Response,
  { event, detection, alone }: About,
  stage: string,
  lines: readonly string[],
  more: { readonly replaces?: string } = {},
): FollowUpBody {
  const text = fitted(lines);
  return {
    followUp: { id: idOf(response, stage), text, ...(alone && { alone }), ...more },
    ...(detection && { detection }),
    event,
  };
}

function idOf({ id }: Response, stage: string): string {
  return `respond:${id}:${stage}`;
}

function head({ responder, strategy }: Response, what: string): string {
  const title = responderOf(responder)?.title ?? responder;
  return `*Responder: ${mrkdwn(title, 100)}* (${strategy}) ${what}.`;
}

function linesOf(response: Response): string[] {
  const { progress, reasons, advice = [], failure, undoCommand, target, accountId, region, decision } = response;
  const results = (wanted: string) => (progress?.outcomes ?? []).filter(({ result }) => result === wanted);
  const done = results('done').filter(({ call }) => !/:(Describe|Get|List)/.test(call));
  const failed = results('failed').map((each) => `${each.does}: ${each.failure?.code} (${each.failure?.message})`);
  return [
    head(response, headlines[response.outcome]),
    `*On:* ${mrkdwn(target.kind, 50)} ${code(target.resource, 300)} in ${accountId}, ${region}`,
    ...part(
      'Done',
      done.map(({ does }) => does),
    ),
    ...part(
      'Was so already',
      results('settled').map(({ does }) => does),
    ),
    ...part('Not done', failed),
    ...part(
      'Not tried after that',
      results('skipped').map(({ does }) => does),
    ),
    ...part('Because', reasons),
    ...(failure ? [`*Error:* ${code(failure.call ?? failure.code, 100)} ${mrkdwn(sentence(failure), 500)}`] : []),
    ...remedies(response),
    ...part('To do', advice),
    ...(decision
      ? [`*${decision.action === 'approve' ? 'Approved' : 'Declined'} by* ${mrkdwn(decision.person.name, 100)}`]
      : []),
    ...(undoCommand === undefined ? [] : [`*Undo:* ${code(undoCommand, 200)}`]),
    ...(done.length > 0 && undoCommand === undefined ? ['This cannot be undone.'] : []),
    `_${response.id}_`,
  ];
}

function sentence({ code: name, message, call }: Failure): string {
  return call === undefined ? message : `${name}: ${message}`;
}

/** What to do about errors, by what kind they are. */
function remedies({ failure, progress, accountId }: Response): string[] {
  const kinds = new Set([failure?.kind, ...(progress?.outcomes ?? []).map((each) => each.failure?.kind)]);
  const isTrust = [failure?.message, ...(progress?.outcomes ?? []).map((each) => each.failure?.message)].some((text) =>
    text?.includes('sts:AssumeRole'),
  );
  return [
    ...(isTrust
      ? [
          `The role GarrisonResponder cannot be assumed in ${accountId}: \`garrison verify\` tells whether it stands there.`,
        ]
      : kinds.has('denied')
        ? [
            `Look for what denies it in ${accountId}: a service control policy, a permissions boundary, the resource's own policy.`,
          ]
        : []),
    ...(kinds.has('conflict')
      ? ['Something still uses it, or protects it: take that away, then do the rest by hand.']
      : []),
  ];
}

function part(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`*${title}:* ${shown(items)}`];
}

function shown(items: readonly string[]): string {
  const own: string[] = [];
  for (const item of items.slice(0, mostLines).map((each) => mrkdwn(each, 400))) {
    if (own.length > 0 && own.join('').length + item.length > mostOfAPart) {
      break;
    }
    own.push(item);
  }
  const all = own.length < items.length ? [...own, `… and ${items.length - own.length} more`] : own;
  return all.length === 1 ? (all[0] as string) : all.map((item) => `\n• ${item}`).join('');
}

/** Whole lines only: cutting one could cut an entity or a code span in two. The last two are always said. */
function fitted(lines: readonly string[]): string {
  const kept: string[] = [];
  const last = lines.slice(-2);
  let room = longest - last.join('\n').length;
  for (const line of lines.slice(0, -2)) {
    room -= line.length + 1;
    if (room < 2) {
      kept.push('…');
      break;
    }
    kept.push(line);
  }
  return [...kept, ...last].join('\n').slice(0, 3_000);
}

function date(iso: string | undefined): string {
  const time = Date.parse(iso ?? '');
  return Number.isNaN(time) ? '?' : `<!date^${Math.floor(time / 1_000)}^{date_short_pretty} {time}|${iso}>`;
}

function button(action_id: string, label: string, style: 'primary' | 'danger', value: string) {
  return { type: 'button', action_id, style, value, text: { type: 'plain_text', text: label } } as const;
}
