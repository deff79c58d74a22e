/** What `within` answers when the time was not enough. */
export const late: unique symbol = Symbol('late');

/**
 * The result, if it comes within so many milliseconds; else `late`, and the work goes on unwatched: whoever uses this
 * must be able to do it once more. Failures within the time are the caller's.
 */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | typeof late> {
  // The function may be frozen with it, and go on with the next request: it must not bring that down.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
