import type { ModalView } from '@slack/types';
import type { Alert } from '../alert';
import { at, text } from '../events/read';
import { oneLine, plain, webAddress } from '../message/escape';
import type { InteractionContext } from './jsonView';
import { type InteractionWords, interactionWords } from './words';

/** `action_id` of the button; its value is `silenceValue` of the alert. */
export const silenceAction = 'alert_silence';
/** `callback_id` of the form. */
export const silenceForm = 'alert_silence';

/** What is silenced: a finding type or a detection, in one account or in all. */
export interface SilenceMatch {
  readonly findingType?: string;
  readonly detection?: string;
  readonly account?: string;
  readonly accountName?: string;
}

export type SilenceAnswer =
  | { readonly kind: 'view'; readonly view: ModalView }
  /** For `response_action: errors`. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };

const daysAhead = 30;
const longestReason = 300;

/** The value of the button; `undefined` where no route could tell such alerts from others. */
export function silenceValue(alert: Alert, accountName: string | undefined): string | undefined {
  const { detection, source, type, accountId } = alert;
  if (detection === undefined && source !== 'guardduty') {
    return undefined;
  }
  const what = detection === undefined ? { findingType: type } : { detection: detection.id };
  const match: SilenceMatch = {
    ...what,
    ...(/^\d{12}$/.test(accountId) ? { account: accountId, accountName: accountName?.slice(0, 100) } : {}),
  };
  return JSON.stringify(match);
}

/** The form behind the button: where, why and how long. `undefined` for a value that is none of ours. */
export function silenceView(value: string, context: InteractionContext, now: Date): ModalView | undefined {
  const match = matchOf(value);
  const words = interactionWords[context.language];
  return match === undefined
    ? undefined
    : {
        type: 'modal',
        callback_id: silenceForm,
        private_metadata: JSON.stringify(match),
        title: plainText(words.silence),
        submit: plainText(words.show),
        close: plainText(words.close),
        blocks: [about(match), ...(match.account === undefined ? [] : [scope(match, words)]), ...inputs(words, now)],
      };
}

/** What the submitted form is answered with: the lines for `garrison.yaml`, or what is wrong with an input. */
export function silenceAnswer(view: unknown, context: InteractionContext, now: Date): SilenceAnswer | undefined {
  const match = matchOf(text(view, 'private_metadata') ?? '');
  if (match === undefined) {
    return undefined;
  }
  const words = interactionWords[context.language];
  const input = (block: string) => at(view, 'state', 'values', block, block);
  const reason = oneLine(text(input('reason'), 'value') ?? '').slice(0, longestReason);
  const until = text(input('until'), 'selected_date') ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || until < day(now)) {
    return { kind: 'errors', errors: { until: words.untilPast } };
  }
  if (reason.length < 3) {
    return { kind: 'errors', errors: { reason: words.reasonHint } };
  }
  const everywhere = text(input('scope'), 'selected_option', 'value') === 'all';
  const lines = silenceYaml(everywhere ? { ...match, account: undefined } : match, reason, until);
  return { kind: 'view', view: answerView(lines, words, context.configurationUrl) };
}

/** A route for `notifier.routes` that silences what matches. */
export function silenceYaml(match: SilenceMatch, reason: string, until: string): string {
  const what = match.detection ?? match.findingType ?? '';
  const where = match.account === undefined ? '' : ` in ${match.accountName ?? match.account}`;
  const when = {
    ...(match.detection === undefined ? { findingType: match.findingType } : { detection: match.detection }),
    account: match.account,
  };
  const members = Object.entries(when).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name}: ${quoted(value)}`],
  );
  return [
    `- name: ${quoted(`silence ${what}${where}`.slice(0, 80))}`,
    '  when:',
    ...members,
    '  silence:',
    `    reason: ${quoted(reason)}`,
    `    until: ${until}`,
  ].join('\n');
}

/** A JSON string is a YAML string; account ids keep their zeros, and no text becomes anything else. */
function quoted(value: string): string {
  return JSON.stringify(oneLine(value));
}

function matchOf(value: string): SilenceMatch | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  const [findingType, detection] = [text(parsed, 'findingType'), text(parsed, 'detection')];
  if ((findingType ?? detection) === undefined) {
    return undefined;
  }
  return {
    findingType: detection === undefined ? findingType?.slice(0, 300) : undefined,
    detection: detection?.slice(0, 300),
    account: text(parsed, 'account')?.slice(0, 12),
    accountName: text(parsed, 'accountName')?.slice(0, 100),
  };
}

function about(match: SilenceMatch): ModalView['blocks'][number] {
  return { type: 'section', text: plainText(plain(match.detection ?? match.findingType ?? '', 300)) };
}

function scope({ account = '', accountName }: SilenceMatch, words: InteractionWords): ModalView['blocks'][number] {
  const name = accountName === undefined ? account : `${accountName} (${account})`;
  const one = { text: plainText(plain(words.only(name), 75)), value: 'one' };
  const all = { text: plainText(words.everywhere), value: 'all' };
  return {
    type: 'input',
    block_id: 'scope',
    label: plainText(words.scope),
    element: { type: 'radio_buttons', action_id: 'scope', options: [one, all], initial_option: one },
  };
}

function inputs(words: InteractionWords, now: Date): ModalView['blocks'] {
  return [
    {
      type: 'input',
      block_id: 'reason',
      label: plainText(words.reason),
      hint: plainText(words.reasonHint),
      element: { type: 'plain_text_input', action_id: 'reason', min_length: 3, max_length: longestReason },
    },
    {
      type: 'input',
      block_id: 'until',
      label: plainText(words.until),
      element: {
        type: 'datepicker',
        action_id: 'until',
        initial_date: day(new Date(now.getTime() + daysAhead * 86_400_000)),
      },
    },
  ];
}

function answerView(lines: string, words: InteractionWords, configurationUrl: string | undefined): ModalView {
  const address = webAddress(configurationUrl);
  const code = lines.replaceAll('`', 'ˋ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return {
    type: 'modal',
    title: plainText(words.silence),
    close: plainText(words.close),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: words.paste } },
      { type: 'section', text: { type: 'mrkdwn', text: `\`\`\`${code}\`\`\``, verbatim: true } },
      ...(address === undefined
        ? []
        : [
            {
              type: 'actions' as const,
              elements: [
                {
                  type: 'button' as const,
                  action_id: 'garrison.configuration',
                  text: plainText(words.edit),
                  url: address,
                },
              ],
            },
          ]),
    ],
  };
}

function plainText(words: string) {
  return { type: 'plain_text' as const, text: words, emoji: false };
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
