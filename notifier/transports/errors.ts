/**
 * Why a delivery failed, which decides what happens to the message:
 * `rateLimited` comes again after `retryAfterSeconds`; `unavailable` was certainly not accepted and comes again;
 * `unknown` may have been accepted; `revoked` says that the secret is no longer valid; `invalid` that the payload is
 * refused as it is; `refused` that nothing of the kind will be accepted.
 */
export type DeliveryFailure = 'rateLimited' | 'unavailable' | 'unknown' | 'revoked' | 'invalid' | 'refused';

/** A delivery failed. Neither message nor cause holds an address, a secret or anything from an event. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly code: string;

  constructor(
    readonly failure: DeliveryFailure,
    /** The destination's own word, such as `invalid_blocks`, or an HTTP status. */
    readonly reason: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(`Not delivered: ${reason}.`);
    this.code = `notifier.delivery.${failure}`;
  }
}

/**
 * The error as a `DeliveryError`, if it is one. By its name: the function's two bundles (see `more.ts`) have a class
 * each.
 */
export function asDeliveryError(error: unknown): DeliveryError | undefined {
  return error instanceof Error && error.name === 'DeliveryError' ? (error as DeliveryError) : undefined;
}

/** Only words of an answer that are safe to log: identifiers such as `channel_not_found`. */
export function safeReason(answer: string, status: number): string {
  const word = answer.trim();
  return /^[a-z][a-z_]{2,60}$/.test(word) ? word : `HTTP ${status}`;
}
