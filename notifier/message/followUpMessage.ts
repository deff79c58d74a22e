import type { Saying } from '../transports/destination';

/** A follow-up as Slack takes it. Its texts were escaped by whoever wrote it. */
export function followUpMessage({ text, blocks }: Saying): object {
  return { text, ...(blocks === undefined ? {} : { blocks }), unfurl_links: false, unfurl_media: false };
}

/** Slack's mrkdwn for people who do not read it in Slack: links with their addresses, dates in UTC, no entities. */
export function withoutMarkup(mrkdwn: string): string {
  return mrkdwn
    .replace(/<!date\^[^>|]*\|([^>]*)>/g, '$1')
    .replace(/<(https?:[^>|]*)\|([^>]*)>/g, '$2 ($1)')
    .replace(/<([@#!])[^>|]*\|([^>]*)>/g, '$1$2')
    .replace(/<([^>]*)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
