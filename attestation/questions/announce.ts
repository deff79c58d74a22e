import { manyLines, oneLine } from '../../notifier/message/escape';
import { personOf } from '../people/person';
import type { Actor, AnnouncementContent, Person } from '../record/content';
import { record } from '../record/record';
import { longestPurpose, longestTicket } from './answer';
import { checkTicket, type TicketRefusal } from './ticket';
import type { AttestationTools } from './tools';

export interface AnnounceRequest {
  /** Who is going to use a privilege: a Slack user, or an e-mail address or other name as AWS will show it. */
  readonly person: { readonly slackUser: string } | { readonly identity: string };
  readonly purpose: string;
  readonly ticket?: string;
  /** The window. */
  readonly from: Date;
  readonly until: Date;
  readonly by: Actor;
  /** The same when it is sent again: counted once. Slack's `trigger_id`, or SQS's id of the message. */
  readonly sourceId: string;
  readonly at: Date;
}

export type AnnounceRefusal = TicketRefusal['reason'] | 'noPurpose' | 'unknownPerson' | 'window';

export type AnnounceOutcome =
  | { readonly kind: 'recorded' | 'again'; readonly announcement: AnnouncementContent }
  | { readonly kind: 'refused'; readonly reason: AnnounceRefusal; readonly text: string };

/**
 * Announces a use beforehand: uses of that person within the window are linked to it, and are not asked about. Root is
 * asked about all the same.
 *
 * @throws RecordUnavailable, RecordBusy, SlackUnavailable
 */
export async function announce(request: AnnounceRequest, tools: AttestationTools): Promise<AnnounceOutcome> {
  const checked = await checkAnnouncement(request, tools);
  return checked.kind === 'refused' ? checked : write(checked, tools);
}

type Refused = Extract<AnnounceOutcome, { readonly kind: 'refused' }>;

/**
 * What would be recorded, without its name, or why it is refused. Writes nothing.
 *
 * @throws SlackUnavailable
 */
export async function checkAnnouncement(
  request: AnnounceRequest,
  tools: AttestationTools,
): Promise<AnnouncementContent | Refused> {
  const purpose = manyLines(request.purpose).slice(0, longestPurpose);
  if (purpose === '') {
    return refused('noPurpose', 'Please say what it will be for.');
  }
  const wrong = windowProblem(request, tools.settings.longestAnnouncementSeconds);
  if (wrong !== undefined) {
    return refused('window', wrong);
  }
  const person = await personAnnounced(request.person, tools);
  if (person === undefined) {
    return refused(
      'unknownPerson',
      'Slack does not tell your e-mail address, and attestation.people does not name you.',
    );
  }
  const ticket = oneLine(request.ticket ?? '').slice(0, longestTicket) || undefined;
  const slackUser = 'slackUser' in request.person ? request.person.slackUser : undefined;
  const ticketCheck = await checkTicket(ticket, slackUser, tools);
  if (typeof ticketCheck === 'object') {
    return { kind: 'refused', ...ticketCheck };
  }
  return {
    kind: 'announcement',
    at: request.at.toISOString(),
    announcement: '',
    person,
    slackUser,
    purpose,
    ticket,
    ticketCheck,
    from: request.from.toISOString(),
    until: request.until.toISOString(),
    by: request.by,
    source: request.sourceId.slice(0, 200),
  };
}

async function write(announcement: AnnouncementContent, tools: AttestationTools): Promise<AnnounceOutcome> {
  const { result } = await record<Exclude<AnnounceOutcome, { readonly kind: 'refused' }>>(tools, async () => {
    const earlier = (await tools.table.under(`source:${announcement.source}`))
      .map(({ content }) => content)
      .find((content) => content.kind === 'announcement');
    if (earlier !== undefined) {
      return { contents: [], result: { kind: 'again', announcement: earlier } };
    }
    const { number } = await tools.table.tail();
    const named = { ...announcement, announcement: `announced-${number + 1}` };
    return { contents: [named], result: { kind: 'recorded', announcement: named } };
  });
  return result;
}

/** Clocks differ; an announcement is for what is to come. */
const toleratedSeconds = 300;
const daysAhead = 30;

/** What is wrong with a window, in words; `undefined` when nothing is. */
export function windowProblem(
  { from, until, at }: Pick<AnnounceRequest, 'from' | 'until' | 'at'>,
  longestSeconds: number,
): string | undefined {
  const seconds = (until.getTime() - from.getTime()) / 1_000;
  if (!(seconds > 0)) {
    return 'The window ends before it begins.';
  }
  if (seconds > longestSeconds) {
    return `The window is too long: at most ${hours(longestSeconds)}.`;
  }
  if (from.getTime() < at.getTime() - toleratedSeconds * 1_000) {
    return 'The window begins in the past: what has been done is asked about.';
  }
  if (from.getTime() > at.getTime() + daysAhead * 86_400_000) {
    return `The window begins in more than ${daysAhead} days.`;
  }
  return undefined;
}

function hours(seconds: number): string {
  return seconds % 3_600 === 0 ? `${seconds / 3_600} hours` : `${Math.round(seconds / 60)} minutes`;
}

async function personAnnounced(
  person: AnnounceRequest['person'],
  { settings, slack }: AttestationTools,
): Promise<Person | undefined> {
  if ('identity' in person) {
    return personOf([person.identity], settings.people);
  }
  const known = settings.people.find(({ slackUser }) => slackUser === person.slackUser);
  if (known !== undefined && (known.email !== undefined || !known.identity.includes('*'))) {
    return personOf([known.email ?? known.identity], settings.people);
  }
  const email = (await slack.profileOf(person.slackUser))?.email;
  return email === undefined ? undefined : personOf([email], settings.people);
}

function refused(reason: AnnounceRefusal, text: string): Refused {
  return { kind: 'refused', reason, text };
}
