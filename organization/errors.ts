/** Where a failure happened, as far as it is known. */
export interface Place {
  readonly accountId?: string;
  readonly region?: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** AWS operation, such as `guardduty:CreateMembers`. */
  readonly operation?: string;
}

/**
 * A failure that a person can act on. `message` says what failed and the value, `remedy` what to do.
 * Scripts and tests match `code`, never the words.
 */
export class GarrisonError extends Error {
  override readonly name = 'GarrisonError';

  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly place: Place = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Several problems that were found together, such as all bad rows of a file. */
export class GarrisonErrors extends Error {
  override readonly name = 'GarrisonErrors';

  constructor(readonly problems: readonly GarrisonError[]) {
    super(problems.map((problem) => problem.message).join('\n'));
  }
}
