/**
 * An event pattern that EventBridge would refuse. `message` reads as the service's own
 * (`Event pattern is not valid. Reason: …`, with the place in the JSON text on a second line where there is one).
 */
export class InvalidEventPatternError extends Error {
  override readonly name = 'InvalidEventPatternError';
  readonly code = 'pattern.eventbridge.invalid';

  constructor(
    /** What is wrong, without the place: `Empty arrays are not allowed`. */
    readonly reason: string,
    /** `at [Source: (String)"…"; line: 1, column: 11]`. */
    readonly location?: string,
  ) {
    super(`Event pattern is not valid. Reason: ${reason}${location === undefined ? '' : `\n ${location}`}`);
  }
}
