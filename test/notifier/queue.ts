import type { SQSRecord } from 'aws-lambda';
import type { MessageContext } from '../../notifier/message/context';
import * as more from '../../notifier/more';
import { type ProcessTools, processBatch } from '../../notifier/process';
import { memoryTable } from '../../notifier/state/memoryTable';
import type { AlertTable } from '../../notifier/state/table';
import type { Destination } from '../../notifier/transports/destination';
import { Secrets } from '../../notifier/transports/secrets';
import type { PublishToTopic } from '../../notifier/transports/snsTopic';

interface QueueMessage {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
  receives: number;
}

/** As the deployed queue has it. */
const mostReceives = 100;

/** The alert queue on a clock of its own: visibility, receive counts and batches of ten, as SQS and Lambda do it. */
export class AlertQueue {
  /** Seconds. */
  clock = Date.parse('2026-11-20T12:00:00Z') / 1_000;
  readonly metrics: [string, number][] = [];
  readonly logged: { code: string; ids: Record<string, unknown> }[] = [];
  readonly messages: QueueMessage[] = [];
  readonly deadLetters: QueueMessage[] = [];
  readonly secretReads: string[] = [];
  secret = 'unset';
  publish: PublishToTopic = async () => undefined;
  private sent = 0;
  private readonly destinations = new Map<string, Promise<Destination>>();
  private readonly secrets: Secrets;

  constructor(
    readonly context: MessageContext,
    readonly table: AlertTable = memoryTable(),
  ) {
    this.secrets = new Secrets(async (reference) => {
      this.secretReads.push(reference.kind);
      return this.secret;
    });
  }

  put(...bodies: unknown[]): void {
    for (const body of bodies) {
      this.sent += 1;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      this.messages.push({ id: `m${this.sent}`, body: text, visibleAt: this.clock, receives: 0 });
    }
  }

  /** Delivers until the queue is empty or the clock has gone on by so many seconds. */
  async run(seconds: number, concurrency = 1): Promise<void> {
    const end = this.clock + seconds;
    while (this.messages.length > 0) {
      const next = Math.min(...this.messages.map(({ visibleAt }) => visibleAt));
      if (next > end) {
        this.clock = end;
        return;
      }
      this.clock = Math.max(this.clock, next);
      const batches = Array.from({ length: concurrency }, () => this.receive());
      await Promise.all(batches.filter((batch) => batch.length > 0).map((batch) => this.deliver(batch)));
      this.clock += 0.5;
    }
  }

  private receive(): QueueMessage[] {
    const batch = this.messages.filter(({ visibleAt }) => visibleAt <= this.clock).slice(0, 10);
    for (const message of batch) {
      if (message.receives >= mostReceives) {
        this.deadLetters.push(message);
      }
      message.receives += 1;
      message.visibleAt = this.clock + 180;
    }
    return batch;
  }

  private async deliver(batch: readonly QueueMessage[]): Promise<void> {
    const { batchItemFailures } = await processBatch({ Records: batch.map(recordOf) }, this.tools());
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of batch.filter((message) => !failed.has(message.id))) {
      this.messages.splice(
        this.messages.findIndex((message) => message.id === id),
        1,
      );
    }
  }

  private tools(): ProcessTools {
    const { context } = this;
    return {
      context,
      table: this.table,
      metric: async (...given) => void this.metrics.push(given),
      more: () => more,
      destination: (name) => {
        const settings = context.settings.destinations[name];
        if (settings === undefined) {
          throw new Error(`no destination ${name}`);
        }
        const made =
          this.destinations.get(name) ??
          Promise.resolve(
            more.destinationOf(settings, {
              context,
              secrets: this.secrets,
              fetch,
              publish: (message) => this.publish(message),
              more: () => more,
            }),
          );
        this.destinations.set(name, made);
        return made;
      },
      hide: async (record, seconds) => {
        const message = this.messages.find(({ id }) => id === record.messageId);
        if (message) {
          message.visibleAt = this.clock + seconds;
        }
      },
      log: (_, code, ids = {}) => {
        this.logged.push({ code, ids });
      },
      now: () => new Date(this.clock * 1_000),
      chance: () => 0.5,
      remaining: () => 30_000,
    };
  }
}

function recordOf({ id, body, receives }: QueueMessage): SQSRecord {
  return {
    messageId: id,
    body,
    receiptHandle: id,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:100000000002:garrison-alerts',
    awsRegion: 'us-east-1',
    md5OfBody: '',
    messageAttributes: {},
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
  };
}
