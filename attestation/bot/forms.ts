import type { ModalView } from '@slack/types';
import { mrkdwn, plain } from '../../notifier/message/escape';
import { longestPurpose, longestTicket } from '../questions/answer';
import type { TicketSettings } from '../settings';
import { attestationWords } from '../words';
import type { Place } from './work';

/** What a form remembers between being opened and being submitted. */
export interface FormMemory {
  readonly question?: string;
  readonly place?: Place;
}

/** Texts that were typed before, or that an earlier answer holds. */
export interface Typed {
  readonly purpose?: string;
  readonly ticket?: string;
}

export const answerForm = 'attest_answer';
export const announcementForm = 'attest_announce';

/** Says a label or sentence in the language of the app. */
type Say = (written: string) => string;

/** What a form shows above its inputs, and in them. */
interface FormTexts {
  readonly about?: string;
  readonly typed?: Typed;
  readonly language?: 'en' | 'ja';
}

const text = (words: string) => ({ type: 'plain_text' as const, text: words });

function fields(ticket: TicketSettings, typed: Typed, say: Say): ModalView['blocks'] {
  const hint =
    ticket.pattern === undefined ? {} : { hint: text(plain(say(`A ticket looks like this: ${ticket.pattern}`), 300)) };
  return [
    {
      type: 'input',
      block_id: 'purpose',
      label: text(say('Purpose')),
      element: {
        type: 'plain_text_input',
        action_id: 'purpose',
        multiline: true,
        max_length: longestPurpose,
        ...(typed.purpose ? { initial_value: typed.purpose.slice(0, longestPurpose) } : {}),
      },
    },
    {
      type: 'input',
      block_id: 'ticket',
      label: text(say('Ticket')),
      optional: !ticket.required,
      ...hint,
      element: {
        type: 'plain_text_input',
        action_id: 'ticket',
        max_length: longestTicket,
        ...(typed.ticket ? { initial_value: typed.ticket.slice(0, longestTicket) } : {}),
      },
    },
  ];
}

function note(words: string): ModalView['blocks'] {
  return words === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: words } }];
}

/** The form for an answer. `about` is mrkdwn, escaped. */
export function answerView(
  memory: FormMemory,
  ticket: TicketSettings,
  { about = '', typed = {}, language }: FormTexts = {},
): ModalView {
  const say = attestationWords({ language }).sentence;
  return {
    type: 'modal',
    callback_id: answerForm,
    private_metadata: JSON.stringify(memory),
    title: text(say('Purpose of use')),
    submit: text(say('Send')),
    close: text(say('Cancel')),
    blocks: [...note(about), ...fields(ticket, typed, say)],
  };
}

const hour = 3_600;

/** The windows that can be chosen: hours, up to the longest that may be announced. */
function windows(longestSeconds: number): readonly number[] {
  const usual = [0.5, 1, 2, 4, 8, 12, 24].map((hours) => hours * hour).filter((seconds) => seconds < longestSeconds);
  return [...usual, longestSeconds];
}

export function durationWords(seconds: number): string {
  if (seconds % hour !== 0) {
    return `${Math.round(seconds / 60)} minutes`;
  }
  return seconds === hour ? '1 hour' : `${seconds / hour} hours`;
}

/** The form to announce a use. */
export function announcementView(
  memory: FormMemory,
  ticket: TicketSettings,
  longestSeconds: number,
  { about = '', typed = {}, language }: FormTexts = {},
): ModalView {
  const say = attestationWords({ language }).sentence;
  const options = windows(longestSeconds).map((seconds) => ({
    text: text(say(durationWords(seconds))),
    value: String(seconds),
  }));
  const chosen = options.find(({ value }) => Number(value) === hour) ?? options[0];
  return {
    type: 'modal',
    callback_id: announcementForm,
    private_metadata: JSON.stringify(memory),
    title: text(say('Announce a use')),
    submit: text(say('Announce')),
    close: text(say('Cancel')),
    blocks: [
      ...note(about),
      ...fields(ticket, typed, say),
      {
        type: 'input',
        block_id: 'window',
        label: text(say('From now, for')),
        element: { type: 'static_select', action_id: 'window', options, ...(chosen ? { initial_option: chosen } : {}) },
      },
    ],
  };
}

/** A view with words alone, in the place of a form. */
export function wordsView(title: string, words: string, language?: 'en' | 'ja'): ModalView {
  const say = attestationWords({ language }).sentence;
  return { type: 'modal', title: text(say(title)), close: text(say('Close')), blocks: note(mrkdwn(say(words), 2_900)) };
}

/** What a submitted form holds. */
export interface Submitted {
  readonly id: string;
  readonly callback_id?: string;
  readonly hash?: string;
  readonly private_metadata?: string;
  readonly state: {
    readonly values: Readonly<
      Record<
        string,
        Readonly<
          Record<
            string,
            { readonly value?: string | null; readonly selected_option?: { readonly value: string } | null }
          >
        >
      >
    >;
  };
}

export function typedIn({ state }: Submitted): {
  readonly purpose: string;
  readonly ticket?: string;
  readonly window?: number;
} {
  const { purpose, ticket, window } = state.values;
  const seconds = Number(window?.window?.selected_option?.value);
  return {
    purpose: purpose?.purpose?.value ?? '',
    ticket: ticket?.ticket?.value ?? undefined,
    ...(Number.isFinite(seconds) ? { window: seconds } : {}),
  };
}

export function memoryOf({ private_metadata: metadata }: Submitted): FormMemory {
  try {
    return JSON.parse(metadata || '{}') as FormMemory;
  } catch {
    return {};
  }
}
