import { ServiceError } from '../core/errors';

/** What CloudFormation itself refuses, as against what a resource's service does. */
export class ValidationFailure extends ServiceError {
  constructor(message: string) {
    super('ValidationError', message, 400);
  }
}

/** CloudFormation's one word for everything that is wrong with a request. */
export function validationError(message: string): ServiceError {
  return new ValidationFailure(message);
}

/** The sentence for a resource's or an operation's failure. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
