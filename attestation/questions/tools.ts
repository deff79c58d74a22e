import type { FollowUpBody } from '../../notifier/followUp';
import type { Log } from '../../notifier/log';
import type { AlertTable } from '../../notifier/state/table';
import type { RecordTools } from '../record/record';
import type { AttestationSettings } from '../settings';

/** What Slack knows of people. Rejects with `SlackUnavailable` when it did not answer, or not now. */
export interface SlackDirectory {
  /** Id of the user who has an e-mail address; `undefined` when there is none. */
  userByEmail(email: string): Promise<string | undefined>;
  /** A user's e-mail address and name; `undefined` when Slack does not tell. */
  profileOf(slackUser: string): Promise<{ readonly email?: string; readonly name?: string } | undefined>;
  /** Ids of the members of a user group. */
  membersOf(group: string): Promise<readonly string[]>;
}

/** Slack did not answer, asked for a pause, or refused the token. `reason` is Slack's word. */
export class SlackUnavailable extends Error {
  override readonly name = 'SlackUnavailable';
  readonly code = 'attestation.slack.unavailable';

  constructor(
    readonly reason: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(`Slack does not answer: ${reason}.`);
  }
}

/** What a service said of a ticket. */
export type TicketVerdict =
  | { readonly kind: 'known' | 'unknown'; readonly text?: string }
  | { readonly kind: 'silent' };

/** Everything that questions and answers need. `attestation/tools.ts` makes it for Lambda. */
export interface AttestationTools extends RecordTools {
  readonly settings: AttestationSettings;
  readonly alerts: Pick<AlertTable, 'get'>;
  readonly slack: SlackDirectory;
  /** Asks the configured webhook; `silent` when there is none, or it does not answer in time. */
  readonly askTicket: (ticket: string, slackUser: string | undefined) => Promise<TicketVerdict>;
  /** Puts a body on the alert queue. */
  readonly say: (body: FollowUpBody) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}
