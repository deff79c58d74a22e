import type { Arn } from '../common/arn';
import { ServiceError } from '../core/errors';
import type { BusRecord } from './state';
import { TransformError } from './transformer';

/** Why a delivery failed, in the words that a dead-letter queue's message carries. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

const denied = /AccessDenied|NotAuthorized|AuthorizationError|UnauthorizedOperation|InvalidClientTokenId/;
const absent = /NotFound|NonExistent|DoesNotExist|NoSuch/;
const busy = /Throttl|TooManyRequests|RequestLimit|SlowDown|LimitExceeded|RequestThrottled/;

/** What kind of failure an error is: permissions and missing targets are not tried again. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TransformError) {
    return { code: 'INVALID_JSON', message, retryable: false };
  }
  if (!(error instanceof ServiceError)) {
    return { code: 'INTERNAL_ERROR', message, retryable: false };
  }
  if (denied.test(error.code)) {
    return { code: 'NO_PERMISSIONS', message, retryable: false };
  }
  if (absent.test(error.code)) {
    return { code: 'NO_RESOURCE', message, retryable: false };
  }
  if (busy.test(error.code) || error.status === 429) {
    return { code: 'THROTTLING', message, retryable: true };
  }
  const ours = (error.status ?? 400) >= 500;
  return { code: ours ? 'INTERNAL_ERROR' : 'SDK_CLIENT_ERROR', message, retryable: ours };
}

/** The message for a dead-letter queue: the event, and attributes that say what happened. */
export function deadLetter(
  queue: Arn,
  event: BusRecord,
  why: { rule: string; target: string; failure: Failure; exhausted?: string; retries: number },
) {
  const attributes: Record<string, string | undefined> = {
    RULE_ARN: why.rule,
    TARGET_ARN: why.target,
    ERROR_CODE: why.failure.code,
    ERROR_MESSAGE: why.failure.message,
    EXHAUSTED_RETRY_CONDITION: why.exhausted,
    RETRY_ATTEMPTS: why.exhausted ? String(why.retries) : undefined,
  };
  const given = Object.entries(attributes).filter(([, value]) => value);
  return {
    QueueUrl: `https://sqs.${queue.region}.amazonaws.com/${queue.accountId}/${queue.resource}`,
    MessageBody: JSON.stringify(event),
    MessageAttributes: Object.fromEntries(
      given.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
    ...(queue.resource.endsWith('.fifo') ? { MessageGroupId: event.id, MessageDeduplicationId: event.id } : {}),
  };
}
