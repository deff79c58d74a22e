import { ServiceError } from './errors';

/** One page of a list and the token of the next one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextToken?: string;
}

/**
 * Cuts one page. Tokens are opaque to clients and name the offset.
 *
 * @throws ServiceError `invalidCode` when the token is not one of ours
 */
export function paginate<T>(
  items: readonly T[],
  options: { token?: string; size?: number; maximum: number; invalidCode?: string; invalidMessage?: string },
): Page<T> {
  const size = Math.min(options.size ?? options.maximum, options.maximum);
  let start = 0;
  if (options.token) {
    start = Number(Buffer.from(options.token, 'base64url').toString('utf8'));
    if (!Number.isInteger(start) || start < 0) {
      throw new ServiceError(
        options.invalidCode ?? 'ValidationException',
        options.invalidMessage ?? 'The pagination token is invalid.',
      );
    }
  }
  const end = start + size;
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}
