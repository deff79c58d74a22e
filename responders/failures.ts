/** What kind of refusal an error is, as far as it decides what happens next. */
export type FailureKind = 'denied' | 'throttled' | 'gone' | 'conflict' | 'other';

/** An error as it is recorded and shown. */
export interface Failure {
  readonly kind: FailureKind;
  /** AWS's own code, such as `UnauthorizedOperation`. */
  readonly code: string;
  /** AWS's message, plain text. */
  readonly message: string;
  /** The call, such as `ec2:DescribeInstances`, where it was a read. */
  readonly call?: string;
}

const denied =
  /^(UnauthorizedOperation|AccessDenied|AccessDeniedException|AuthFailure|OptInRequired|Forbidden|ExpiredToken\w*|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch)$/;
const throttled =
  /^(Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestThrottled\w*|SlowDown|BandwidthLimitExceeded|ServiceUnavailable\w*|InternalError|InternalFailure|InternalServerError\w*|InternalServiceError\w*|Unavailable|RequestTimeout\w*|PriorRequestNotComplete|TransactionInProgressException|TimeoutError|NetworkingError|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|ENOTFOUND)$/;
const gone =
  /(NotFound|NotFoundException|NoSuch\w+|Malformed)$|^(NoSuch\w+|InvalidInstanceID\.\w+|InvalidGroup\.NotFound)$/;
const conflict =
  /^(DependencyViolation|OperationNotPermitted|CannotDelete|ResourceInUse\w*|Conflict\w*|IncorrectInstanceState|IncorrectState)$/;

/** AWS's code of an error, or the name of what went wrong on the way. */
export function codeOf(error: unknown): string {
  const { name, code, Code } = (error ?? {}) as { name?: unknown; code?: unknown; Code?: unknown };
  const written = [Code, name === 'Error' ? code : name, code].find((each) => typeof each === 'string' && each !== '');
  return typeof written === 'string' && /^[\w.:-]{1,100}$/.test(written) ? written : 'Error';
}

/** What an error of the SDK says. */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode ?? 0;
  const message = error instanceof Error ? error.message.slice(0, 500) : 'unknown error';
  const call = (error as { refused?: string } | undefined)?.refused;
  return { kind: kindOf(code, status), code, message, ...(call !== undefined && { call }) };
}

function kindOf(code: string, status: number): FailureKind {
  if (denied.test(code)) {
    return 'denied';
  }
  if (throttled.test(code) || status === 429 || status >= 500) {
    return 'throttled';
  }
  if (gone.test(code)) {
    return 'gone';
  }
  return conflict.test(code) ? 'conflict' : 'other';
}
