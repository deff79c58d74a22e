import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait between two looks, and for how long in all. Milliseconds. */
export interface Patience {
  readonly first: number;
  readonly longest: number;
  readonly factor: number;
  readonly total: number;
}

/** Short at first, because most changes are small; then longer, because the others take minutes. */
const defaultPatience: Patience = { first: 50, longest: 5_000, factor: 1.4, total: 60 * 60 * 1000 };

/**
 * Looks until `look` answers something, waiting longer and longer in between. Resolves with `undefined` when the
 * patience is at its end.
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  patience: Patience = defaultPatience,
): Promise<T | undefined> {
  const deadline = Date.now() + patience.total;
  for (let pause = patience.first; ; pause = Math.min(pause * patience.factor, patience.longest)) {
    const answer = await look();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() + pause > deadline) {
      return undefined;
    }
    await sleep(pause);
  }
}
