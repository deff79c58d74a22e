import type { KnownBlock } from '@slack/types';
import type { Alert } from '../alert';
import type { AlertMessageOptions } from '../message/alertMessage';
import type { Digest } from '../message/digestMessage';

/** Where a message was put, as far as the destination says. */
export interface Receipt {
  readonly channel?: string;
  /** Slack's timestamp: the message's id within its channel. */
  readonly ts?: string;
}

export interface AlertDelivery {
  readonly alert: Alert;
  readonly options: AlertMessageOptions;
  /** Slack channel in place of the destination's own. */
  readonly channel?: string;
}

/** A message that is already there. */
export interface Thread {
  readonly channel: string;
  readonly ts: string;
}

/** A follow-up as a destination takes it. */
export interface Saying {
  /** In Slack's metadata. */
  readonly id: string;
  /** Slack's mrkdwn, escaped. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** What it belongs to. */
  readonly alert: Alert;
}

/** A place to which alerts go. Every method throws `DeliveryError`. */
export interface Destination {
  send(delivery: AlertDelivery): Promise<Receipt>;
  sendDigest(digest: Digest, channel?: string): Promise<Receipt>;
  /** A follow-up as a message of its own. */
  say(saying: Saying, channel?: string): Promise<Receipt>;
  /** Whether the secret is valid and the destination there, without a message. */
  probe?(): Promise<void>;
  /** Clicks on its messages are answered: what they ask for has to be kept. */
  readonly app?: boolean;
  /** Only where messages can be found, answered and changed: Slack with a bot token. */
  readonly threads?: ThreadedDestination;
}

export interface ThreadedDestination {
  /** The message with the metadata's id `alertId`, if it was posted since: asked before anything is posted again. */
  find(alertId: string, since: Date, channel?: string, thread?: Thread): Promise<Thread | undefined>;
  reply(thread: Thread, delivery: AlertDelivery): Promise<Receipt>;
  update(thread: Thread, delivery: AlertDelivery): Promise<void>;
  /** Says a follow-up in a thread. */
  answer(thread: Thread, saying: Saying): Promise<Receipt>;
  /** Changes the message of an earlier follow-up into this one. */
  change(message: Thread, saying: Saying): Promise<void>;
  /** Puts every alert of a digest beside its message. */
  attach(thread: Thread, digest: Digest): Promise<void>;
}
