/** A mistake in what was asked of the detections. Scripts and tests match `code`. */
export class DetectionError extends Error {
  override readonly name: string = 'DetectionError';

  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export type Engine = 'eventbridge' | 'cloudwatch' | 'elasticsearch' | 'opensearch';

/** An engine cannot say what the detection means, or not within its quota. `reason` says why. */
export class CompileError extends DetectionError {
  override readonly name = 'CompileError';

  constructor(
    readonly engine: Engine,
    readonly reason: string,
    remedy = 'Choose another engine for this detection, or its nearest safe form with `--nearest <id>`.',
  ) {
    super('detection.compile', `${engine}: ${reason}`, remedy);
  }
}
