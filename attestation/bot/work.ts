/** What the bot leaves to its second function, because it may take longer than Slack waits. */
export type Work = AnswerWork | AnnouncementWork | MessageWork;

/** Somebody, in Slack. */
export interface Somebody {
  /** Id of the user. */
  readonly id: string;
  readonly name?: string;
}

/** Where words to somebody go: only they see them, unless it is a direct message. */
export interface Place {
  readonly channel: string;
  readonly thread?: string;
}

/** A form that was submitted, and could not be dealt with at once. */
export interface AnswerWork {
  readonly kind: 'answer';
  /** Of the submission: counted once. */
  readonly id: string;
  readonly question: string;
  readonly by: Somebody;
  readonly purpose: string;
  readonly ticket?: string;
  /** ISO 8601. */
  readonly at: string;
  /** The view that says "in a moment", if it is still open. */
  readonly view?: string;
  readonly place?: Place;
}

/** A use announced beforehand. */
export interface AnnouncementWork {
  readonly kind: 'announcement';
  readonly id: string;
  readonly by: Somebody;
  readonly purpose: string;
  readonly ticket?: string;
  readonly at: string;
  readonly from: string;
  readonly until: string;
  readonly view?: string;
  readonly place?: Place;
  /** Slack's address for an answer to a command: good for half an hour, in channels without the bot, too. */
  readonly responseUrl?: string;
}

/** What somebody wrote in a thread, or to the bot itself. */
export interface MessageWork {
  readonly kind: 'message';
  /** Slack's `event_id`. */
  readonly id: string;
  readonly by: Somebody;
  readonly place: Place;
  /** To the bot itself. */
  readonly direct: boolean;
  readonly ts: string;
  /** As Slack writes it: with entities and `<…>`. */
  readonly text: string;
  /** `ts` of the edit, when this is an edited message. */
  readonly edited?: string;
  readonly at: string;
}

/** Longest text that goes on the queue. Answers are cut to less. */
export const longestText = 4_000;
