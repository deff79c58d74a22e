import pMap from 'p-map';
import type { GarrisonError, Place } from './errors';
import { explain } from './failures';

/** What became of one piece of work. */
export type Outcome<T, R> =
  | { readonly target: T; readonly status: 'done'; readonly result: R }
  | { readonly target: T; readonly status: 'failed'; readonly error: GarrisonError };

/**
 * Works on every target, at most `concurrency` at once. A target that fails stops none of the others; outcomes come in
 * the targets' order and no error is lost.
 */
export async function forEach<T extends Place, R>(
  targets: readonly T[],
  concurrency: number,
  work: (target: T) => Promise<R>,
): Promise<Outcome<T, R>[]> {
  return pMap(
    targets,
    async (target): Promise<Outcome<T, R>> => {
      try {
        return { target, status: 'done', result: await work(target) };
      } catch (error) {
        const { accountId, region } = target;
        return { target, status: 'failed', error: explain(error, { accountId, region }) };
      }
    },
    { concurrency },
  );
}
