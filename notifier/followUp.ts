import type { KnownBlock } from '@slack/types';
import type { DetectionMark, EventBridgeEvent } from './queue';

/**
 * A message in the alert queue that belongs under an alert: what a responder did, a question to a person. The notifier
 * alone speaks in channels; others hand it their words this way.
 *
 * `detection` and `event` are those of the alert, so that its thread is found by the alert's own key. Where there is
 * no thread (a transport without them, a silenced alert), it becomes a message of its own.
 */
export interface FollowUpBody {
  readonly followUp: FollowUp;
  readonly detection?: DetectionMark;
  readonly event: EventBridgeEvent;
}

/** What is said under an alert. */
export interface FollowUp {
  /** The same id is posted once. Letters, digits, `-`, `_` and `:`, at most 100 of them. */
  readonly id: string;
  /** Slack's mrkdwn, escaped by whoever wrote it, at most 3,000 characters; also for transports without blocks. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** Id of a Slack channel: said there, as a message of its own. */
  readonly channel?: string;
  /** Id of an earlier follow-up, whose message is changed into this one. */
  readonly replaces?: string;
  /**
   * Whoever answers in the thread answers this: the alert table then holds `answers:<channel>:<thread's ts>` with
   * `followUp`, this id. In any case it holds `follow-up:<id>` with `channel`, `ts` and `thread` of the message.
   */
  readonly answerable?: boolean;
  /** No alert stands behind it: nobody waits for one, and it becomes a message of its own at once. */
  readonly alone?: boolean;
}
