import type { InvocationRequest } from '@aws-sdk/client-lambda';
import { parseArn } from '../common/arn';
import { afterwards } from '../common/delay';
import { putServiceMetrics } from '../common/serviceMetrics';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import type { World } from '../core/world';
import { tail, writeLog } from './log';
import type { Pool, Run } from './pool';
import type { Functions, LambdaFunction, Resolved, Version } from './state';

const syncLimit = 6_291_456;
const asyncLimit = 1_048_576;
const defaultRetries = 2;
/** Lambda waits one minute before the first retry of an asynchronous invocation and two before the second. */
const retryMilliseconds = [60_000, 120_000];

/** Runs functions, in answer to a request or for another service. */
export class Invoker {
  constructor(
    private readonly world: World,
    private readonly functions: Functions,
    private readonly pool: Pool,
  ) {}

  /** @throws ServiceError `TooManyRequestsException` when the reserved concurrency is used up */
  async run(fn: LambdaFunction, version: Version, event: string, invokedArn: string): Promise<Run> {
    if (fn.reservedConcurrency !== undefined && fn.running >= fn.reservedConcurrency) {
      await this.count(fn, { Throttles: 1 });
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    }
    fn.running += 1;
    try {
      const run = await this.pool.run(fn, version, event, invokedArn);
      await writeLog(this.world, fn, version, run);
      await this.count(fn, { Invocations: 1, Errors: run.error ? 1 : 0, Duration: run.milliseconds, Throttles: 0 });
      return run;
    } finally {
      fn.running -= 1;
    }
  }

  private count(fn: LambdaFunction, values: Record<string, number>): Promise<void> {
    return putServiceMetrics(this.world, fn.site, 'AWS/Lambda', { FunctionName: fn.name }, values);
  }

  /** Queues an asynchronous invocation with its retries and its destinations. */
  later(target: Resolved, event: string, invokedArn: string, attempt = 0): void {
    const { fn, version, qualifier } = target;
    const settings = fn.asyncSettings.get(qualifier ?? '$LATEST') ?? fn.asyncSettings.get('');
    afterwards(this.world, attempt === 0 ? 0 : (retryMilliseconds[attempt - 1] ?? 0), async () => {
      const run = await this.attempt(fn, version, event, invokedArn);
      if (run.error && attempt < (settings?.maximumRetryAttempts ?? defaultRetries)) {
        this.later(target, event, invokedArn, attempt + 1);
        return;
      }
      await this.finish(target, event, run, attempt);
    });
  }

  private async attempt(fn: LambdaFunction, version: Version, event: string, arn: string): Promise<Partial<Run>> {
    try {
      return await this.run(fn, version, event, arn);
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      return { error: { errorType: error.code, errorMessage: error.message } };
    }
  }

  private async finish(target: Resolved, event: string, run: Partial<Run>, attempt: number): Promise<void> {
    const { fn, version, qualifier } = target;
    const settings = fn.asyncSettings.get(qualifier ?? '$LATEST') ?? fn.asyncSettings.get('');
    const { OnSuccess, OnFailure } = settings?.destinationConfig ?? {};
    const destination = run.error ? OnFailure?.Destination : OnSuccess?.Destination;
    const record = {
      version: '1.0',
      timestamp: this.world.now().toISOString(),
      requestContext: {
        requestId: run.requestId,
        functionArn: `${fn.arn}:${version.configuration.Version}`,
        condition: run.error ? 'RetriesExhausted' : 'Success',
        approximateInvokeCount: attempt + 1,
      },
      requestPayload: JSON.parse(event),
      responseContext: {
        statusCode: 200,
        executedVersion: version.configuration.Version,
        ...(run.error ? { functionError: 'Unhandled' } : {}),
      },
      responsePayload: run.error ?? JSON.parse(run.payload ?? 'null'),
    };
    if (destination) {
      await this.deliver(fn, version, destination, { body: JSON.stringify(record) });
    }
    const deadLetters = version.configuration.DeadLetterConfig?.TargetArn;
    if (run.error && deadLetters) {
      const attributes = {
        RequestID: run.requestId ?? '',
        ErrorCode: '200',
        ErrorMessage: run.error.errorMessage.slice(0, 1024),
      };
      await this.deliver(fn, version, deadLetters, { body: event, attributes });
    }
  }

  private async deliver(
    fn: LambdaFunction,
    version: Version,
    target: string,
    message: { body: string; attributes?: Record<string, string> },
  ): Promise<void> {
    const arn = parseArn(target);
    const source = { accountId: fn.site.accountId, arn: fn.arn };
    const service = this.world.serviceCaller('lambda.amazonaws.com', source);
    const MessageAttributes = Object.fromEntries(
      Object.entries(message.attributes ?? {})
        .filter(([, value]) => value)
        .map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    try {
      const caller = await this.world.assumeRole(version.configuration.Role ?? '', fn.name, service, fn.site.region);
      const as = { caller, region: arn?.region ?? fn.site.region, accountId: arn?.accountId };
      if (arn?.service === 'sqs') {
        const QueueUrl = `https://sqs.${arn.region}.amazonaws.com/${arn.accountId}/${arn.resource}`;
        await this.world.call('sqs', 'SendMessage', { QueueUrl, MessageBody: message.body, MessageAttributes }, as);
      } else if (arn?.service === 'sns') {
        await this.world.call('sns', 'Publish', { TopicArn: target, Message: message.body, MessageAttributes }, as);
      } else if (arn?.service === 'lambda') {
        const Payload = Buffer.from(message.body);
        await this.world.call('lambda', 'Invoke', { FunctionName: target, InvocationType: 'Event', Payload }, as);
      } else if (arn?.service === 'events') {
        const entry = {
          Source: 'lambda',
          DetailType: 'Lambda Function Invocation Result',
          Detail: message.body,
          EventBusName: target,
        };
        await this.world.call('events', 'PutEvents', { Entries: [entry] }, as);
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
    }
  }

  /** The Invoke operation. */
  handler(): Handler {
    return async (input: InvocationRequest, context) => {
      const target = this.functions.resolve(input.FunctionName, input.Qualifier, context);
      const { fn, version, qualifier } = target;
      const event = readPayload(input);
      const invokedArn = qualifier ? `${fn.arn}:${qualifier}` : fn.arn;
      if (input.InvocationType === 'DryRun') {
        return { StatusCode: 204 };
      }
      if (input.InvocationType === 'Event') {
        this.later(target, event, invokedArn);
        return { StatusCode: 202, Payload: new Uint8Array(0) };
      }
      const run = await this.run(fn, version, event, invokedArn);
      return {
        StatusCode: 200,
        FunctionError: run.error ? 'Unhandled' : undefined,
        LogResult: input.LogType === 'Tail' && context.request ? tail(run, version) : undefined,
        ExecutedVersion: version.configuration.Version,
        Payload: Buffer.from(payloadOf(run)),
      };
    };
  }
}

function payloadOf(run: Run): string {
  const payload = run.error ? JSON.stringify(run.error) : (run.payload ?? 'null');
  return Buffer.byteLength(payload) <= syncLimit
    ? payload
    : JSON.stringify({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${syncLimit} bytes).`,
      });
}

function readPayload(input: InvocationRequest): string {
  const bytes = Buffer.from(input.Payload ?? []);
  const limit = input.InvocationType === 'Event' ? asyncLimit : syncLimit;
  if (bytes.length > limit) {
    throw new ServiceError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
      { Type: 'User' },
    );
  }
  const text = bytes.length === 0 ? '{}' : bytes.toString('utf8');
  try {
    JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`, 400, {
      Type: 'User',
    });
  }
  return text;
}
