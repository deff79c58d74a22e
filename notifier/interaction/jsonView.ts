import type { KnownBlock, ModalView } from '@slack/types';
import { webAddress } from '../message/escape';
import type { AlertRecord } from './alertRecord';
import { interactionWords } from './words';

/** `action_id` of the button; its value is the alert's id. */
export const jsonAction = 'alert_json';

/** What the views need of the notifier's settings. */
export interface InteractionContext {
  readonly language: 'en' | 'ja';
  /** Where `garrison.yaml` is edited. */
  readonly configurationUrl?: string;
}

/** A section takes 3,000 characters, a view 100 blocks and some 250 KB. */
const longestSection = 2_900;
const mostSections = 40;

/** The window that shows an alert's JSON; without a record it says that there is none any more. */
export function jsonView(record: AlertRecord | undefined, { language }: InteractionContext): ModalView {
  const words = interactionWords[language];
  const console = webAddress(record?.console);
  const button: KnownBlock[] =
    console === undefined
      ? []
      : [
          {
            type: 'actions',
            elements: [
              {
                type: 'button',
                action_id: 'garrison.console',
                text: { type: 'plain_text', text: words.console },
                url: console,
              },
            ],
          },
        ];
  return {
    type: 'modal',
    title: { type: 'plain_text', text: words.finding },
    close: { type: 'plain_text', text: words.close },
    blocks: [...jsonBlocks(record, language), ...button],
  };
}

function jsonBlocks(record: AlertRecord | undefined, language: 'en' | 'ja'): KnownBlock[] {
  const words = interactionWords[language];
  if (record?.json === undefined) {
    return [section(record === undefined ? words.gone : words.tooLong)];
  }
  const parts = inParts(record.json);
  const shown = parts.slice(0, mostSections).map((part) => section(`\`\`\`${part}\`\`\``));
  return parts.length > shown.length ? [...shown, section(words.more)] : shown;
}

/** Whole lines; a line that is longer than a section is cut visibly. Nothing in it can end the code. */
function inParts(json: string): readonly string[] {
  const parts: string[] = [''];
  for (const line of json.split('\n')) {
    const written = `${codeLine(line)}\n`;
    const longer = `${parts.at(-1)}${written}`;
    if (longer.length > longestSection) {
      parts.push(written);
    } else {
      parts[parts.length - 1] = longer;
    }
  }
  return parts.filter((part) => part.trim() !== '');
}

const longestLine = 600;

/** JSON escapes control characters itself; what is left are those that a reader would not see, and Slack's own. */
function codeLine(line: string): string {
  const cut = [...line].length > longestLine ? `${[...line].slice(0, longestLine).join('')}…` : line;
  return cut
    .replace(/[\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g, '\uFFFD')
    .replaceAll('`', 'ˋ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}
