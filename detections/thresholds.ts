import type { Threshold } from './detection';
import { type CloudTrailRecord, textAt } from './record';

const millisecondsPerMinute = 60_000;

/** A time in which something happened often enough. */
export interface Burst {
  /** Milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

const accountPaths: readonly string[] = ['recipientAccountId', 'userIdentity.accountId'];
const alternativesOf = new WeakMap<readonly string[], readonly (readonly string[])[]>();

/**
 * Whose events are counted together: the values of the threshold's fields. A value that a record does not have counts
 * as empty, as the notifier has it: whoever has no name is one with the others who have none, in the same account.
 */
export function counterKey(threshold: Threshold, record: CloudTrailRecord): string {
  let paths = alternativesOf.get(threshold.per);
  if (!paths) {
    paths = threshold.per.map((path) => (accountPaths.includes(path) ? accountPaths : [path]));
    alternativesOf.set(threshold.per, paths);
  }
  return paths.map((alternatives) => firstText(record, alternatives)).join('\u0000');
}

function firstText(record: CloudTrailRecord, paths: readonly string[]): string {
  for (const path of paths) {
    const text = textAt(record, path);
    if (text) {
      return text;
    }
  }
  return '';
}

/**
 * The bursts in a list of times (in any order) of one key: from the first event of a window that holds enough of them
 * until none follows within a window.
 */
export function bursts(times: readonly number[], { count, windowMinutes }: Threshold): Burst[] {
  const window = windowMinutes * millisecondsPerMinute;
  const sorted = [...times].sort((left, right) => left - right);
  const found: { first: number; last: number; count: number }[] = [];
  let start = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    const time = sorted[index] as number;
    const open = found.at(-1);
    if (open && time - open.last <= window) {
      open.last = time;
      open.count += 1;
      start = index + 1;
      continue;
    }
    while (time - (sorted[start] as number) >= window) {
      start += 1;
    }
    if (index - start + 1 >= count) {
      found.push({ first: sorted[start] as number, last: time, count: index - start + 1 });
      start = index + 1;
    }
  }
  return found;
}
