/** A filter pattern that CloudWatch Logs would refuse (`InvalidParameterException`: Invalid filter pattern). */
export class InvalidFilterPatternError extends Error {
  override readonly name = 'InvalidFilterPatternError';
  readonly code = 'pattern.cloudwatchLogs.invalid';

  constructor(readonly reason: string) {
    super(`Invalid filter pattern: ${reason}`);
  }
}
