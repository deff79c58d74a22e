import type { DetectionMark } from '../../notifier/queue';

/** Somebody who used a privilege, as far as the event tells. All of it is hostile text. */
export interface Person {
  /** The same for the same person: an e-mail address in lower case, `root:<account>`, or AWS's own name for them. */
  readonly key: string;
  /** As the event names them. */
  readonly name: string;
  readonly email?: string;
  /** Their id in Slack, where the configuration tells. */
  readonly slackUser?: string;
}

/** Who did something in Slack, or on the command line. */
export interface Actor {
  /** Id of a Slack user, such as `U0123ABCD`. */
  readonly slackUser?: string;
  readonly name?: string;
  /** What IAM calls whoever used the command: id of the role and name of the session. */
  readonly principal?: string;
}

/** One use of a privilege. */
export interface UseContent {
  readonly kind: 'use';
  /** When it was recorded; `time` is when it happened. ISO 8601. */
  readonly at: string;
  /** CloudTrail's id of the event. */
  readonly event: string;
  readonly time: string;
  readonly detection: string;
  readonly person: Person;
  readonly account: string;
  readonly region: string;
  /** Name of the role; absent for root and for users. */
  readonly role?: string;
  /** How, in CloudTrail's words, such as `AssumeRoleWithSAML` or `ConsoleLogin`. */
  readonly by: string;
  /** The question that asks of it; or the announcement that answers for it. */
  readonly question?: string;
  readonly announcement?: string;
}

/** A question to a person: of one use, and of those that follow within the window. */
export interface QuestionContent {
  readonly kind: 'question';
  readonly at: string;
  readonly question: string;
  readonly person: Person;
  /** Until when further uses belong to it. */
  readonly until: string;
  /** The alert under which it is asked. */
  readonly detection: DetectionMark;
  /** Its event, without credentials, as JSON text: the alert's thread is found by the order of its members, too. */
  readonly event: string;
}

/** Whom the question calls: known before it is asked. */
export interface AskedContent {
  readonly kind: 'asked';
  readonly at: string;
  readonly question: string;
  /** The person in Slack; absent when nobody was found. */
  readonly slackUser?: string;
}

/** How a ticket fared: as the pattern wants it, confirmed by the webhook, or given while the webhook was out of reach. */
export type TicketCheck = 'none' | 'pattern' | 'confirmed' | 'unconfirmed';

/** The person who was asked; one of the configured group in their place; or anybody, where nobody was asked by name. */
export type AnswersAs = 'person' | 'substitute' | 'anybody';

/** An answer. Later ones of the same question are versions: nothing is ever overwritten. */
export interface AnswerContent {
  readonly kind: 'answer';
  readonly at: string;
  readonly question: string;
  /** From 1. */
  readonly version: number;
  readonly purpose: string;
  readonly ticket?: string;
  readonly ticketCheck: TicketCheck;
  readonly by: Actor;
  readonly as: AnswersAs;
  /** Slack's id of what carried it: counted once. */
  readonly slackEvent: string;
}

/** A reminder or an escalation that was sent. */
export interface StepContent {
  readonly kind: 'reminder' | 'escalation';
  readonly at: string;
  readonly question: string;
  /** Such as `reminder-1` or `escalation`. */
  readonly step: string;
  /** Slack ids of whom it called and where it was said. */
  readonly mention?: string;
  readonly channel?: string;
}

/** A use announced beforehand. */
export interface AnnouncementContent {
  readonly kind: 'announcement';
  readonly at: string;
  readonly announcement: string;
  readonly person: Person;
  readonly slackUser?: string;
  readonly purpose: string;
  readonly ticket?: string;
  readonly ticketCheck: TicketCheck;
  readonly from: string;
  readonly until: string;
  readonly by: Actor;
  /** Slack's or SQS's id of what carried it: counted once. */
  readonly source: string;
}

/** Once a day: what there is. */
export interface SummaryContent {
  readonly kind: 'summary';
  readonly at: string;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  /** Number of the oldest entry that reminders and escalations still have to see. */
  readonly since: number;
  readonly open: number;
}

/** What an entry of the record says. */
export type Content =
  | UseContent
  | QuestionContent
  | AskedContent
  | AnswerContent
  | StepContent
  | AnnouncementContent
  | SummaryContent;

/** The keys under which an entry is found again, beside its number. */
export function keysOf(content: Content): readonly string[] {
  switch (content.kind) {
    case 'use':
      return [
        `use:${content.event}`,
        `place:${content.account}`,
        ...(content.question === undefined ? [] : [`uses:${content.question}`]),
      ];
    case 'question':
      return [`question:${content.question}`, `person:${content.person.key}`];
    case 'asked':
      return [
        `question:${content.question}`,
        ...(content.slackUser === undefined ? [] : [`slack-user:${content.slackUser}`]),
      ];
    case 'answer':
      return [`question:${content.question}`, `source:${content.slackEvent}`];
    case 'reminder':
    case 'escalation':
      return [`question:${content.question}`];
    case 'announcement':
      return [`announced:${content.person.key}`, `source:${content.source}`];
    case 'summary':
      return ['summary'];
  }
}
