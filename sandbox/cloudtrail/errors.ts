import { ServiceError } from '../core/errors';

/** An error of CloudTrail, by the name of its shape. */
export function trailError(code: string, message: string): ServiceError {
  return new ServiceError(code, message, 400);
}

export function unknownTrail(name: string, accountId: string): ServiceError {
  return trailError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${accountId}`);
}
