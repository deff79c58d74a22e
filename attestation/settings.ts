import type { SecretReference } from '../notifier/settings';

/** Who somebody is whom the event does not name by an e-mail address. */
export interface KnownPerson {
  /**
   * As AWS names them: an ARN, a user's name, a session's name, a SAML subject, or a user's id in IAM Identity Center.
   * `*` stands for any run of characters. The first that matches counts.
   */
  readonly identity: string;
  readonly email?: string;
  readonly slackUser?: string;
}

/** Whom escalations call: a Slack user group or user, for people by e-mail address (`*` for any characters). */
export interface ManagerGroup {
  readonly people: readonly string[];
  readonly mention: string;
}

/** What a ticket has to be. */
export interface TicketSettings {
  readonly required: boolean;
  /** A regular expression that the whole ticket has to match. */
  readonly pattern?: string;
  /** Asked of each ticket: `https`, signed as the notifier's signed webhooks are. */
  readonly webhook?: {
    readonly url: SecretReference;
    readonly signingKey: SecretReference;
    readonly timeoutMilliseconds: number;
  };
}

/** All that the attestation's functions know: plain data, written at synth to `settings.json`. Holds no secrets. */
export interface AttestationSettings {
  readonly version: 1;
  readonly partition: string;
  readonly homeRegion: string;
  readonly securityAccountId: string;
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
  /** Ids of the detections that are asked about. */
  readonly detections: readonly string[];
  /** The record's table, and the alert table, in which the notifier keeps threads. */
  readonly recordTable: string;
  readonly alertTable: string;
  /** Address of the alert queue: follow-ups go there. */
  readonly alertQueueUrl: string;
  /** Of Slack's bot, which is also the notifier's. */
  readonly slack: {
    readonly botToken: SecretReference;
    readonly signingSecret: SecretReference;
    readonly apiUrl: string;
    /** Where the notifier speaks. */
    readonly channel: string;
  };
  /** Seconds for which further uses of a person belong to the same question. */
  readonly windowSeconds: number;
  /** Seconds after the question. */
  readonly reminders: readonly number[];
  readonly escalation?: {
    readonly afterSeconds: number;
    /** Id of the security channel; the alert's thread when absent. */
    readonly channel?: string;
    /** Called besides the managers. */
    readonly mention?: string;
  };
  readonly people: readonly KnownPerson[];
  readonly managers: readonly ManagerGroup[];
  /** Who may answer in somebody's place. */
  readonly substitutes: { readonly groups: readonly string[]; readonly users: readonly string[] };
  readonly ticket: TicketSettings;
  /** Seconds: the longest window that may be announced. */
  readonly longestAnnouncementSeconds: number;
  /** Channel for the day's summary, with the end of the chain; none when absent. */
  readonly summaryChannel?: string;
  /** Of what is said in Slack; English unless given. */
  readonly language?: 'en' | 'ja';
}
