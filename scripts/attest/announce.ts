import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AnnouncementMessage } from '../../attestation/announcing';
import { windowProblem } from '../../attestation/questions/announce';
import { checkTicket } from '../../attestation/questions/ticket';
import type { AnnouncementContent } from '../../attestation/record/content';
import type { Config } from '../../organization/config';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { resourceNames } from '../../stacks/model';
import { type OpenRecord, reading } from './open';

export interface AnnounceOptions {
  readonly person: string;
  readonly purpose: string;
  readonly ticket?: string;
  readonly from?: string;
  readonly until?: string;
  readonly for?: string;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * What the options announce, checked as far as the command can: the function checks again, and asks of the ticket.
 *
 * @throws GarrisonError `option.…`
 */
export async function announcementOf(
  options: AnnounceOptions,
  { attestation }: Config,
  now: Date,
): Promise<AnnouncementMessage['announcement']> {
  const from = options.from === undefined ? now : timeOf('from', options.from);
  const until = options.until === undefined ? after(from, options.for) : timeOf('until', options.until);
  const wrong = windowProblem({ from, until, at: now }, attestation.longestAnnouncement);
  if (wrong !== undefined) {
    throw new GarrisonError('option.until', wrong, 'Give --from and --until, or --for, such as 2h.');
  }
  if (options.purpose.trim() === '') {
    throw new GarrisonError('option.purpose', '--purpose is empty', 'Say what it will be for.');
  }
  const { required, pattern } = attestation.ticket;
  const ticket = await checkTicket(options.ticket, undefined, {
    settings: { ticket: { required, pattern } },
    askTicket: async () => ({ kind: 'silent' }),
  });
  if (typeof ticket === 'object') {
    throw new GarrisonError('option.ticket', ticket.text, 'Give --ticket.');
  }
  return {
    identity: options.person,
    purpose: options.purpose,
    ticket: options.ticket,
    from: from.toISOString(),
    until: until.toISOString(),
    sourceId: randomUUID(),
  };
}

/**
 * Sends an announcement to the function, which alone may write, and waits until it is on record.
 *
 * @throws GarrisonError `attest.announce` when it is not on record after half a minute: refused, or late
 */
export async function sendAnnouncement(
  announcement: AnnouncementMessage['announcement'],
  { operator, caller, files, table }: OpenRecord,
): Promise<AnnouncementContent> {
  const client = operator.client(SQSClient, files.config.homeRegion);
  try {
    const { Arn: by } = await caller.client(STSClient, files.config.homeRegion).send(new GetCallerIdentityCommand({}));
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: resourceNames.questionQueue }));
    await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ announcement: { ...announcement, by } }) }),
    );
  } catch (error) {
    throw explain(error, { accountId: operator.accountId, operation: 'sqs:SendMessage' });
  }
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const [entry] = await reading(() => table.under(`source:${announcement.sourceId}`, 1));
    if (entry?.content.kind === 'announcement') {
      return entry.content;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new GarrisonError(
    'attest.announce',
    'The announcement is not on record yet: it was refused (a ticket that nobody knows), or it is late',
    `Look at the log group /aws/lambda/${resourceNames.attestation}.`,
  );
}

function timeOf(option: 'from' | 'until', text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) {
    const remedy = 'Give a time such as 2026-11-21T22:00Z.';
    throw new GarrisonError(`option.${option}`, `--${option} ${text} is no time`, remedy);
  }
  return time;
}

function after(from: Date, text = '1h'): Date {
  const [, amount, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new GarrisonError('option.for', `--for ${text} is no time`, 'Give a number and m, h or d, such as 2h.');
  }
  return new Date(from.getTime() + Number(amount) * (units[unit] as number));
}
