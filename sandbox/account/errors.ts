import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';

/** `ValidationException` for a field, with the reason that the service gives. */
export function invalidField(name: string, message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400, {
    reason: 'fieldValidationFailed',
    fieldList: [{ name, message }],
  });
}

export function invalidRegion(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400, { reason: 'invalidRegionOptTarget' });
}

export const notFound = (message: string): ServiceError => new ServiceError('ResourceNotFoundException', message, 404);

export const tooManyRequests = (message: string): ServiceError =>
  new ServiceError('TooManyRequestsException', message, 429);

export const conflict = (message: string): ServiceError => new ServiceError('ConflictException', message, 409);

/** The service's way to say no: who, what, and why in brackets. */
export function denied(context: CallContext, operation: string, why: string): ServiceError {
  const sentence = `User: ${context.caller.arn} is not authorized to perform: account:${operation} (${why})`;
  return new ServiceError('AccessDeniedException', sentence, 403);
}
