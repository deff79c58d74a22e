/** What the SDK tells of a failed attempt. */
interface Failure {
  readonly errorType: 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR' | (string & {});
  readonly error?: unknown;
  /** Not before this time, if the service said so. */
  readonly retryAfterHint?: Date;
}

interface Attempt {
  getRetryCount(): number;
  getRetryDelay(): number;
}

interface Patience {
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled for every other one. */
  readonly base: number;
  readonly most: number;
}

const throttled: Patience = { attempts: 24, base: 200, most: 10_000 };
const faulty: Patience = { attempts: 8, base: 100, most: 5_000 };
const silent: Patience = { attempts: 2, base: 100, most: 1_000 };

/**
 * When an attempt is repeated. The SDK's own strategies give up after a number of throttled calls over all, or slow every
 * operation of a client for one; here each call waits by itself, longer each time, and a throttled one nearly for ever: no
 * cell fails for throttling. A server that does not answer at all is asked twice.
 */
export class PatientRetries {
  readonly mode = 'standard';

  async acquireInitialRetryToken(): Promise<Attempt> {
    return attempt(0, 0);
  }

  /** @throws Error when there is no further attempt: the SDK then throws the failure itself */
  async refreshRetryTokenForRetry(last: Attempt, failure: Failure): Promise<Attempt> {
    const count = last.getRetryCount() + 1;
    const patience = patienceFor(failure);
    if (patience === undefined || count >= patience.attempts) {
      throw new Error('no further attempt');
    }
    const longest = Math.min(patience.most, patience.base * 2 ** (count - 1));
    const hinted = (failure.retryAfterHint?.getTime() ?? 0) - Date.now();
    return attempt(count, Math.max(longest * (0.5 + Math.random() / 2), Math.min(hinted, throttled.most)));
  }

  recordSuccess(): void {
    // Nothing is counted over several calls.
  }
}

const unanswered = /requestTimeout|timed out|did not establish a connection/i;

function patienceFor({ errorType, error }: Failure): Patience | undefined {
  switch (errorType) {
    case 'THROTTLING':
      return throttled;
    case 'TRANSIENT':
      if (isRefusal(error)) {
        return undefined;
      }
      return patienceWith(error);
    case 'SERVER_ERROR':
      return patienceWith(error);
    default:
      return undefined;
  }
}

function patienceWith(error: unknown): Patience {
  // The SDK calls a reset connection a TimeoutError, too: only its sentences tell them apart.
  return unanswered.test((error as Error | undefined)?.message ?? '') ? silent : faulty;
}

const clockFaults =
  /^(AuthFailure|InvalidSignatureException|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNotMatch)$/;

/**
 * Once the SDK has set its clock by an answer, it calls every failure of that call transient, and a plain refusal would be
 * repeated to the end of all patience.
 */
function isRefusal(error: unknown): boolean {
  const { name = '', $metadata } = (error ?? {}) as Error & {
    $metadata?: { readonly clockSkewCorrected?: boolean; readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return $metadata?.clockSkewCorrected === true && status >= 400 && status < 500 && !clockFaults.test(name);
}

function attempt(count: number, delay: number): Attempt {
  return { getRetryCount: () => count, getRetryDelay: () => delay };
}
