import { epochSeconds } from '../notifier/epoch';
import { type AlertTable, change } from '../notifier/state/table';

/** Whether a responder may act once more, and how often it has acted in the time that counts. */
export interface BreakerVerdict {
  readonly open: boolean;
  readonly count: number;
}

/**
 * Counts an action of a responder, unless it has acted too often lately: then it does not act, until enough of that is
 * long enough ago. The same response counts once, however often it is tried.
 */
export function countAction(
  table: AlertTable,
  responder: string,
  responseId: string,
  limit: { readonly actions: number; readonly minutes: number },
  now: Date,
): Promise<BreakerVerdict> {
  const id = `breaker#${responder}`;
  const seconds = epochSeconds(now);
  return change<BreakerVerdict>(table, id, now, (found) => {
    const all = JSON.parse(typeof found?.actions === 'string' ? found.actions : '[]') as [string, number][];
    const recent = all.filter(([, at]) => at > seconds - limit.minutes * 60);
    if (recent.some(([known]) => known === responseId)) {
      return { result: { open: false, count: recent.length } };
    }
    if (recent.length >= limit.actions) {
      return { result: { open: true, count: recent.length } };
    }
    const actions = JSON.stringify([...recent, [responseId, seconds]]);
    const expiresAt = seconds + limit.minutes * 60 + 3_600;
    return { item: { id, actions, expiresAt }, result: { open: false, count: recent.length + 1 } };
  });
}
