import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  MrkdwnElement,
  SectionBlock,
} from '@slack/types';

/** The blocks that the notifier writes. */
export type Block = HeaderBlock | SectionBlock | ContextBlock | ActionsBlock | DividerBlock;

/** What a webhook takes, and with `channel` what `chat.postMessage` takes. */
export interface SlackMessage {
  /** For notifications and for clients without blocks; the only place where a mention calls somebody. */
  readonly text: string;
  readonly attachments: readonly {
    readonly color: string;
    readonly fallback: string;
    readonly blocks: readonly Block[];
  }[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** `mrkdwn` that Slack leaves as it is: it looks for no addresses and names in it. */
export function markdown(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** A section, unless there is nothing in it. */
export function section(text: string): SectionBlock[] {
  return text === '' ? [] : [{ type: 'section', text: markdown(text) }];
}

/** A button that opens an address. */
export function linkButton(id: string, label: string, url: string, primary = false): Button {
  return {
    type: 'button',
    action_id: `garrison.${id}`,
    text: { type: 'plain_text', text: label, emoji: false },
    url,
    ...(primary ? { style: 'primary' as const } : {}),
  };
}
