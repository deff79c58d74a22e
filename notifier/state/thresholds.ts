import type { Alert, AlertThreshold } from '../alert';
import { epochSeconds } from '../epoch';
import { type AlertTable, change, type Item } from './table';

/** Enough events within the window: seconds since 1970 of the first and the last of them. */
export interface Reached {
  readonly first: number;
  readonly last: number;
}

/** What has been counted for one key. Ids are the beginnings of the alerts' ids; times are those of the events. */
interface Counter {
  /** Events that may still make a threshold full with others. */
  readonly open: readonly Counted[];
  /** Events that have been part of a full one: not counted again when they are delivered again. */
  readonly spent: readonly Counted[];
  /** Which event has made it full, and when it began: that one is told again if it comes again. */
  readonly full: readonly (readonly [id: string, first: number, last: number])[];
}

type Counted = readonly [id: string, time: number];

const idLength = 12;
/** Events come late and out of order: CloudTrail takes up to a quarter of an hour. */
const lateSeconds = 900;
const keptSeconds = 4 * 86_400;
const mostFull = 100;
const mostSpent = 500;

/**
 * Counts an event towards a threshold, once however often it is delivered. Answers when it is the one that makes the
 * threshold full, after which counting begins anew.
 *
 * @throws TableBusy, TableUnavailable
 */
export function countTowards(
  table: AlertTable,
  alert: Alert,
  threshold: AlertThreshold,
  now: Date,
): Promise<Reached | undefined> {
  const id = `threshold#${threshold.key}`;
  const event: Counted = [alert.id.slice(0, idLength), epochSeconds(alert.lastSeen ?? now)];
  return change(table, id, now, (found) => {
    const before = counterOf(found);
    const told = before.full.find(([known]) => known === event[0]);
    if (told !== undefined) {
      return { result: { first: told[1], last: told[2] } };
    }
    if ([...before.open, ...before.spent].some(([known]) => known === event[0])) {
      return { result: undefined };
    }
    const { counter, reached } = counted(before, event, threshold);
    return {
      item: {
        id,
        counter: JSON.stringify(counter),
        expiresAt: epochSeconds(now) + threshold.windowSeconds + keptSeconds,
      },
      result: reached,
    };
  });
}

function counted(
  before: Counter,
  event: Counted,
  { count, windowSeconds }: AlertThreshold,
): { readonly counter: Counter; readonly reached?: Reached } {
  const all = [...before.open, event].sort(([, one], [, other]) => one - other);
  const newest = Math.max(...[...all, ...before.spent].map(([, time]) => time));
  const recent = ([, time]: Counted) => time > newest - windowSeconds - lateSeconds;
  // What is too old to make a window full with anything that may still come is forgotten.
  const open = all.filter((one) => one === event || recent(one));
  const spent = before.spent.filter(recent).slice(-mostSpent);
  const start = open.findIndex(
    ([, time], index) => (open[index + count - 1]?.[1] ?? Number.NaN) - time < windowSeconds,
  );
  if (start < 0) {
    return { counter: { ...before, open, spent } };
  }
  const within = open.slice(start, start + count);
  const [first, last] = [within[0]?.[1] ?? 0, within.at(-1)?.[1] ?? 0];
  return {
    reached: { first, last },
    counter: {
      open: open.slice(start + count),
      spent: [...spent, ...open.slice(0, start + count)],
      full: [...before.full, [event[0], first, last] as const].slice(-mostFull),
    },
  };
}

function counterOf(item: Item | undefined): Counter {
  return typeof item?.counter === 'string' ? (JSON.parse(item.counter) as Counter) : { open: [], spent: [], full: [] };
}
