import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Message } from '@aws-sdk/client-sqs';
import { type EventPattern, matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import { type Arn, parseArn } from '../common/arn';
import type { Site } from '../common/store';
import { ServiceError } from '../core/errors';
import type { Caller } from '../core/service';
import type { Invoker } from './invoke';
import type { Functions } from './state';

/** Lambda begins with five batches at a time. */
const initialConcurrency = 5;
const payloadLimit = 6_000_000;
const sessionMilliseconds = 45 * 60_000;
const longestPause = 10_000;

/** Reads one queue for one function, as Lambda's pollers do. */
export class Poller {
  private stopped = false;
  private running = 0;
  private pause = 100;
  private session?: { caller: Caller; until: number };
  private freed?: () => void;
  private readonly queue: Arn;
  private readonly patterns: readonly EventPattern[];

  constructor(
    private readonly functions: Functions,
    private readonly invoker: Invoker,
    private readonly site: Site,
    private readonly mapping: EventSourceMappingConfiguration,
  ) {
    this.queue = parseArn(mapping.EventSourceArn) ?? {
      partition: '',
      service: '',
      region: '',
      accountId: '',
      resource: '',
    };
    this.patterns = (mapping.FilterCriteria?.Filters ?? []).map((one) =>
      parseEventPattern(JSON.parse(one.Pattern ?? '{}')),
    );
  }

  start(): void {
    setImmediate(() => void this.loop());
  }

  stop(): void {
    this.stopped = true;
    this.freed?.();
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      try {
        const messages = await this.gather();
        this.pause = 100;
        if (this.stopped) {
          // Stopped while it waited: whoever reads the queue next is to have them now.
          await this.giveBack(messages, 0);
        } else if (messages.length > 0) {
          void this.process(messages);
        }
        await this.roomForMore();
      } catch {
        // The queue or the role is gone, or forbids: Lambda goes on trying, ever more slowly.
        await new Promise<void>((resolve) => setTimeout(resolve, this.pause).unref());
        this.pause = Math.min(longestPause, this.pause * 2);
      }
    }
  }

  private async roomForMore(): Promise<void> {
    const limit = this.mapping.ScalingConfig?.MaximumConcurrency ?? initialConcurrency;
    while (this.running >= limit && !this.stopped) {
      await new Promise<void>((resolve) => {
        this.freed = resolve;
      });
    }
  }

  /** A batch: as many messages as come within the batching window. */
  private async gather(): Promise<Message[]> {
    const { BatchSize = 10, MaximumBatchingWindowInSeconds: window = 0 } = this.mapping;
    const messages = await this.receive(Math.min(10, BatchSize), 20);
    const end = Date.now() + window * 1000;
    while (messages.length > 0 && messages.length < BatchSize && Date.now() < end && size(messages) < payloadLimit) {
      const seconds = Math.min(20, Math.max(1, Math.ceil((end - Date.now()) / 1000)));
      messages.push(...(await this.receive(Math.min(10, BatchSize - messages.length), seconds)));
    }
    return messages;
  }

  private async receive(count: number, seconds: number): Promise<Message[]> {
    const answer = await this.sqs<{ Messages?: Message[] }>('ReceiveMessage', {
      MaxNumberOfMessages: count,
      WaitTimeSeconds: seconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return answer.Messages ?? [];
  }

  private async sqs<Output>(operation: string, input: object): Promise<Output> {
    const { region, accountId, resource } = this.queue;
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${accountId}/${resource}`;
    const caller = await this.caller();
    return this.functions.world.call<Output>('sqs', operation, { QueueUrl, ...input }, { caller, region, accountId });
  }

  private async caller(): Promise<Caller> {
    if (!this.session || this.session.until < Date.now()) {
      const { world } = this.functions;
      const { fn } = this.functions.resolve(this.mapping.FunctionArn, undefined, this.site);
      const service = world.serviceCaller('lambda.amazonaws.com', { accountId: this.site.accountId, arn: fn.arn });
      const caller = await world.assumeRole(fn.latest.configuration.Role ?? '', fn.name, service, this.site.region);
      this.session = { caller, until: Date.now() + sessionMilliseconds };
    }
    return this.session.caller;
  }

  private async process(all: Message[]): Promise<void> {
    this.running += 1;
    try {
      const wanted = all.filter((message) => this.passes(message));
      const filtered = all.filter((message) => !wanted.includes(message));
      const done = wanted.length > 0 ? await this.invoke(wanted) : [];
      await this.delete([...filtered, ...done]);
    } catch (error) {
      if (error instanceof ServiceError) {
        await this.backOff(all, error);
      } else {
        // Nobody awaits a batch: the world reports what went wrong.
        this.functions.world.later(0, () => Promise.reject(error));
      }
    } finally {
      this.running -= 1;
      this.freed?.();
    }
  }

  private passes(message: Message): boolean {
    if (this.patterns.length === 0) {
      return true;
    }
    let body: unknown = message.Body;
    try {
      body = JSON.parse(message.Body ?? '');
    } catch {
      // Plain text is matched as text.
    }
    return this.patterns.some((pattern) => matchesEventPattern(pattern, { ...this.record(message), body }));
  }

  private record(message: Message) {
    const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      {
        stringValue: value.StringValue,
        binaryValue: value.BinaryValue ? Buffer.from(value.BinaryValue).toString('base64') : undefined,
        stringListValues: [],
        binaryListValues: [],
        dataType: value.DataType,
      },
    ]);
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes,
      messageAttributes: Object.fromEntries(attributes) as Record<string, unknown>,
      md5OfBody: message.MD5OfBody,
      md5OfMessageAttributes: message.MD5OfMessageAttributes,
      eventSource: 'aws:sqs',
      eventSourceARN: this.mapping.EventSourceArn,
      awsRegion: this.queue.region,
    };
  }

  /** The messages that the function has dealt with. */
  private async invoke(messages: readonly Message[]): Promise<readonly Message[]> {
    const { fn, version } = this.functions.resolve(this.mapping.FunctionArn, undefined, this.site);
    const event = JSON.stringify({ Records: messages.map((message) => this.record(message)) });
    const run = await this.invoker.run(fn, version, event, this.mapping.FunctionArn ?? fn.arn);
    if (run.error) {
      return [];
    }
    return this.mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures')
      ? succeeded(messages, run.payload)
      : messages;
  }

  private async delete(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += 10) {
      const part = messages.slice(start, start + 10);
      const Entries = part.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
      await this.sqs('DeleteMessageBatch', { Entries });
    }
  }

  /** A throttled batch comes back soon; what else failed comes back after the visibility timeout. */
  private async backOff(messages: readonly Message[], error: ServiceError): Promise<void> {
    if (error.status === 429) {
      await this.giveBack(messages, 1);
    }
  }

  /** Lets messages be received again in so many seconds. */
  private async giveBack(messages: readonly Message[], VisibilityTimeout: number): Promise<void> {
    for (const { ReceiptHandle } of messages) {
      await this.sqs('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout }).catch(() => undefined);
    }
  }
}

function size(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + (message.Body?.length ?? 0), 0);
}

/** What a partial batch response leaves out; a response that cannot be read fails the whole batch. */
function succeeded(messages: readonly Message[], payload: string | undefined): readonly Message[] {
  const answer = JSON.parse(payload ?? 'null') as { batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) {
    return [];
  }
  const ids = failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  const known = new Set(messages.map((message) => message.MessageId));
  if (ids.some((id) => typeof id !== 'string' || !known.has(id))) {
    return [];
  }
  return messages.filter((message) => !ids.includes(message.MessageId));
}
