import { randomBytes, randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Tags } from '../common/tags';

/** A message in a queue. Times are milliseconds since the epoch. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes?: Record<string, MessageAttributeValue>;
  readonly systemAttributes?: Record<string, MessageAttributeValue>;
  readonly senderId: string;
  readonly sentAt: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  /** Envelope of the data key under which the message is kept, when the queue has a key of its own. */
  readonly encryptedKey?: Uint8Array;
  visibleAt: number;
  firstReceivedAt?: number;
  receiveCount: number;
  receiptHandle?: string;
  /** ARN of the queue that gave the message up. */
  deadLetterSource?: string;
}

const fiveMinutes = 300_000;

/** One queue: messages in the order in which they were sent, and the attributes as they were set. */
export class Queue {
  readonly messages = new Map<string, StoredMessage>();
  readonly attributes: Map<string, string>;
  readonly tags: Tags;
  readonly createdAt: number;
  modifiedAt: number;
  purgedAt = 0;
  private sequence = 18_870_000_000_000_000_000n;
  private readonly recent = new Map<string, { message: StoredMessage; until: number }>();
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly url: string,
    options: { attributes: Map<string, string>; tags: Tags; now: number },
  ) {
    this.attributes = options.attributes;
    this.tags = options.tags;
    this.createdAt = options.now;
    this.modifiedAt = options.now;
  }

  get fifo(): boolean {
    return this.attributes.get('FifoQueue') === 'true';
  }

  number(attribute: string): number {
    return Number(this.attributes.get(attribute) ?? 0);
  }

  nextSequenceNumber(): string {
    this.sequence += 256n;
    return String(this.sequence);
  }

  /** The message that was sent under the same deduplication id within five minutes. */
  duplicateOf(deduplicationId: string, groupId: string, now: number): StoredMessage | undefined {
    const known = this.recent.get(this.deduplicationKey(deduplicationId, groupId));
    return known && known.until > now ? known.message : undefined;
  }

  private deduplicationKey(deduplicationId: string, groupId: string): string {
    return this.attributes.get('DeduplicationScope') === 'messageGroup'
      ? `${groupId}\n${deduplicationId}`
      : deduplicationId;
  }

  add(message: StoredMessage): void {
    if (message.deduplicationId && message.groupId) {
      const key = this.deduplicationKey(message.deduplicationId, message.groupId);
      this.recent.set(key, { message, until: message.sentAt + fiveMinutes });
    }
    this.messages.set(message.id, message);
    this.wake();
  }

  /** Ends the wait of every long poll, so that each looks again. */
  wake(): void {
    for (const resume of [...this.waiting]) {
      resume();
    }
  }

  /** Resolves when something may have changed, or after `milliseconds`. */
  changed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.waiting.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      timer.unref();
      this.waiting.add(finish);
    });
  }

  dropExpired(now: number): void {
    const oldest = now - this.number('MessageRetentionPeriod') * 1000;
    for (const message of this.messages.values()) {
      if (message.sentAt < oldest) {
        this.messages.delete(message.id);
      }
    }
  }

  /** Messages that can be received now; in a FIFO queue, none behind one of its group that cannot. */
  *receivable(now: number): Generator<StoredMessage> {
    const blocked = new Set<string>();
    for (const message of this.messages.values()) {
      if (message.visibleAt > now) {
        blocked.add(message.groupId ?? '');
      } else if (!this.fifo || !blocked.has(message.groupId ?? '')) {
        yield message;
      }
    }
  }

  /** When the next hidden message becomes visible. */
  nextVisibleAt(now: number): number | undefined {
    const times = [...this.messages.values()].map((message) => message.visibleAt).filter((time) => time > now);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  counts(now: number): { visible: number; inFlight: number; delayed: number } {
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const message of this.messages.values()) {
      if (message.visibleAt <= now) {
        counts.visible += 1;
      } else if (message.receiptHandle) {
        counts.inFlight += 1;
      } else {
        counts.delayed += 1;
      }
    }
    return counts;
  }

  newReceiptHandle(message: StoredMessage): string {
    const text = [randomUUID(), this.arn, message.id, randomBytes(16).toString('hex')].join(' ');
    return Buffer.from(text).toString('base64');
  }

  /** The message that a receipt handle was given out for; `invalid` when it is none of this queue's handles. */
  byReceiptHandle(handle: string): StoredMessage | 'gone' | 'invalid' {
    const [, arn, id] = Buffer.from(handle, 'base64').toString('utf8').split(' ');
    if (arn !== this.arn || !id) {
      return 'invalid';
    }
    const message = this.messages.get(id);
    return message?.receiptHandle === handle ? message : 'gone';
  }
}
