import { ServiceError } from '../core/errors';

/** CloudFormation's one word for everything that is wrong with a request. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message, 400);
}

/** The sentence for a resource's or an operation's failure. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
