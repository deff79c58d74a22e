import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../core/errors';
import { ValidationFailure } from '../errors';

const codes: readonly (readonly [RegExp, string])[] = [
  [/AccessDenied|Unauthorized|AuthorizationError|NotAuthorized/, 'AccessDenied'],
  [/AlreadyExists|EntityAlreadyExists|ResourceConflict|BucketAlready|QueueNameExists|ResourceInUse/, 'AlreadyExists'],
  [/NotFound|NoSuch|NonExistent|DoesNotExist/, 'NotFound'],
  [/Throttl|TooManyRequests|RequestLimit/, 'Throttling'],
  [/LimitExceeded|QuotaExceeded/, 'ServiceLimitExceeded'],
  [/Invalid|Validation|Malformed|BadRequest|MissingParameter/, 'InvalidRequest'],
];

/** The sentence with which CloudFormation reports a resource handler's failure. */
export function handlerMessage(service: string | undefined, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ServiceError) || error instanceof ValidationFailure || service === undefined) {
    return message;
  }
  const [, code] = codes.find(([pattern]) => pattern.test(error.code)) ?? [undefined, 'GeneralServiceException'];
  const status = error.status ?? 400;
  return (
    `Resource handler returned message: "${message} (Service: ${service}, Status Code: ${status}, ` +
    `Request ID: ${randomUUID()}) (SDK Attempt Count: 1)" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${code})`
  );
}

/** Errors that say a resource is gone. */
export function isGone(error: unknown): boolean {
  return error instanceof ServiceError && /NotFound|NoSuch|NonExistent|DoesNotExist/.test(error.code);
}

/** Runs a removal; that there is nothing to remove is no failure. */
export async function ifThere(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isGone(error)) {
      throw error;
    }
  }
}
