import type { KnownBlock } from '@slack/types';
import type { FollowUpBody } from '../notifier/followUp';
import { code, mrkdwn } from '../notifier/message/escape';
import { responderOf } from './catalog';
import type { Failure } from './failures';
import type { About } from './records';
import type { Person, Response } from './response';
import { type ReportWords, reportWords } from './words';

/** Slack takes 3,000 characters in a section. */
const longest = 2_900;
const mostLines = 12;
const mostOfAPart = 800;

/** The language of the messages; English unless given. */
type Language = 'en' | 'ja' | undefined;

/** The follow-up that tells what became of a response. */
export function outcomeReport(response: Response, about: About, language?: Language): FollowUpBody {
  const asked = response.asksUntil !== undefined;
  return followUp(
    response,
    about,
    'outcome',
    linesOf(response, reportWords(language)),
    asked ? { replaces: idOf(response, 'asked') } : {},
  );
}

/** The question, with its two buttons. */
export function questionReport(response: Response, about: About, language?: Language): FollowUpBody {
  const words = reportWords(language);
  const steps = (response.steps ?? []).filter(({ reads }) => !reads);
  const lines = [
    ...linesOf(response, words),
    ...part(
      words.would,
      steps.map(({ does }) => does),
      words,
    ),
    words.askedUntil(date(response.asksUntil)),
  ];
  const body = followUp(response, about, 'asked', lines);
  const blocks: KnownBlock[] = [
    { type: 'section', text: { type: 'mrkdwn', text: body.followUp.text } },
    {
      type: 'actions',
      block_id: `respond-${response.id}`,
      elements: [
        button('respond_approve', words.approve, 'primary', response.id),
        button('respond_decline', words.decline, 'danger', response.id),
      ],
    },
  ];
  return { ...body, followUp: { ...body.followUp, blocks } };
}

/** Said once when a response is put off for longer. */
export function delayReport(response: Response, about: About, failure: Failure, language?: Language): FollowUpBody {
  const words = reportWords(language);
  const lines = [
    head(response, words.delayed, words),
    `*${words.because}:* ${code(failure.code, 100)} ${mrkdwn(words.sentence(failure.message), 300)}`,
  ];
  return followUp(response, about, 'delayed', lines);
}

/** Somebody clicked who may not decide. */
export function refusedReport(
  response: Response,
  about: About,
  { id, name }: Person,
  language?: Language,
): FollowUpBody {
  const words = reportWords(language);
  const lines = [head(response, words.stillWaits, words), words.mayNotDecide(mrkdwn(name, 100))];
  return followUp(response, about, `refused:${id.replace(/\W/g, '')}`, lines);
}

/** Who took a response back. */
export function undoneReport(
  response: Response,
  about: About,
  failures: readonly string[],
  language?: Language,
): FollowUpBody {
  const words = reportWords(language);
  const lines = [
    head(response, failures.length === 0 ? words.undone : words.undonePartly, words),
    `*${words.by}:* ${code(response.undone?.by ?? '', 300)}`,
    ...part(words.notUndone, failures, words),
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

function head({ responder, strategy }: Response, what: string, words: ReportWords): string {
  const title = responderOf(responder)?.title ?? responder;
  return words.head(mrkdwn(words.sentence(title), 100), strategy, what);
}

function linesOf(response: Response, words: ReportWords): string[] {
  const { progress, reasons, advice = [], failure, undoCommand, target, accountId, region, decision } = response;
  const results = (wanted: string) => (progress?.outcomes ?? []).filter(({ result }) => result === wanted);
  const done = results('done').filter(({ call }) => !/:(Describe|Get|List)/.test(call));
  const failed = results('failed').map(
    (each) => `${words.sentence(each.does)}: ${each.failure?.code} (${each.failure?.message})`,
  );
  const steps = (title: string, some: readonly { readonly does: string }[]) =>
    part(
      title,
      some.map(({ does }) => does),
      words,
    );
  return [
    head(response, words.outcomes[response.outcome], words),
    words.on(mrkdwn(target.kind, 50), code(target.resource, 300), accountId, region),
    ...steps(words.done, done),
    ...steps(words.settled, results('settled')),
    ...part(words.notDone, failed, words),
    ...steps(words.skipped, results('skipped')),
    ...part(words.because, reasons, words),
    ...(failure
      ? [`*${words.error}:* ${code(failure.call ?? failure.code, 100)} ${mrkdwn(sentence(failure, words), 500)}`]
      : []),
    ...remedies(response, words),
    ...part(words.toDo, advice, words),
    ...(decision ? [words.decided(decision.action, mrkdwn(decision.person.name, 100))] : []),
    ...(undoCommand === undefined ? [] : [`*${words.undo}:* ${code(undoCommand, 200)}`]),
    ...(done.length > 0 && undoCommand === undefined ? [words.cannotBeUndone] : []),
    `_${response.id}_`,
  ];
}

function sentence({ code: name, message, call }: Failure, words: ReportWords): string {
  return call === undefined ? words.sentence(message) : `${name}: ${message}`;
}

/** What to do about errors, by what kind they are. */
function remedies({ failure, progress, accountId }: Response, words: ReportWords): string[] {
  const kinds = new Set([failure?.kind, ...(progress?.outcomes ?? []).map((each) => each.failure?.kind)]);
  const isTrust = [failure?.message, ...(progress?.outcomes ?? []).map((each) => each.failure?.message)].some((text) =>
    text?.includes('sts:AssumeRole'),
  );
  return [
    ...(isTrust ? [words.notTrusted(accountId)] : kinds.has('denied') ? [words.denied(accountId)] : []),
    ...(kinds.has('conflict') ? [words.conflict] : []),
  ];
}

function part(title: string, items: readonly string[], words: ReportWords): string[] {
  return items.length === 0 ? [] : [`*${title}:* ${shown(items, words)}`];
}

function shown(items: readonly string[], words: ReportWords): string {
  const own: string[] = [];
  for (const item of items.slice(0, mostLines).map((each) => mrkdwn(words.sentence(each), 400))) {
    if (own.length > 0 && own.join('').length + item.length > mostOfAPart) {
      break;
    }
    own.push(item);
  }
  const all = own.length < items.length ? [...own, words.more(items.length - own.length)] : own;
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
