import type { SQSRecord } from 'aws-lambda';
import { isRecord, text, time } from '../notifier/events/read';
import { oneLine } from '../notifier/message/escape';
import { announce } from './questions/announce';
import type { AttestationTools } from './questions/tools';

/** A message of `garrison attest announce`. Who sent it, SQS says. */
export interface AnnouncementMessage {
  readonly announcement: {
    /** An e-mail address, or a name as AWS will show it. */
    readonly identity: string;
    readonly purpose: string;
    readonly ticket?: string;
    /** ISO 8601. */
    readonly from: string;
    readonly until: string;
    readonly sourceId: string;
    /** Who ran the command, as the command says. */
    readonly by?: string;
  };
}

export function isAnnouncement(body: unknown): boolean {
  return isRecord(body) && isRecord(body.announcement);
}

/** Records an announcement that came by the queue. What is refused is logged: the command checks beforehand. */
export async function announceFromQueue(body: unknown, record: SQSRecord, tools: AttestationTools): Promise<void> {
  const announcement = (body as { announcement: unknown }).announcement;
  const outcome = await announce(
    {
      person: { identity: text(announcement, 'identity') ?? '' },
      purpose: text(announcement, 'purpose') ?? '',
      ticket: text(announcement, 'ticket'),
      from: time(announcement, 'from') ?? new Date(0),
      until: time(announcement, 'until') ?? new Date(0),
      by: {
        principal: record.attributes.SenderId.slice(0, 200),
        name: oneLine(text(announcement, 'by') ?? '').slice(0, 200) || undefined,
      },
      sourceId: text(announcement, 'sourceId') ?? record.messageId,
      // When it was sent, not when it was handled: what was announced in time counts.
      at: new Date(Number(record.attributes.SentTimestamp)),
    },
    tools,
  );
  tools.log('info', `attestation.announcement.${outcome.kind}`, {
    message: record.messageId,
    why: outcome.kind === 'refused' ? outcome.reason : undefined,
  });
}
