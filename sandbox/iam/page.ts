import { paginate } from '../core/paginate';
import { checkRange } from './validate';

interface PageInput {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** One page under the name that the operation gives it, with `IsTruncated` and `Marker`. */
export function page<T>(name: string, items: readonly T[], input: PageInput): Record<string, unknown> {
  checkRange(input.MaxItems, 'maxItems', 1, 1000);
  const { items: shown, nextToken } = paginate(items, {
    token: input.Marker,
    size: input.MaxItems ?? 100,
    maximum: 1000,
    invalidCode: 'ValidationError',
    invalidMessage: 'Invalid Marker.',
  });
  return { [name]: shown, IsTruncated: nextToken !== undefined, Marker: nextToken };
}
