import { epochSeconds } from '../epoch';
import { abandonedSeconds } from './incident';
import { type AlertTable, change, type NewItem } from './table';

/** One occurrence of an alert, or a follow-up, on its way to one destination. */
export interface OccurrenceClaim {
  readonly id: string;
  /** 1 the first time. */
  readonly attempt: number;
  /** An earlier attempt died, or its outcome is not known: its message may be there already. */
  readonly uncertain: boolean;
  readonly startedAt: Date;
  /** The digest in which it was put, or was about to be put. */
  readonly digest?: string;
}

export type ClaimResult =
  | { readonly kind: 'mine'; readonly claim: OccurrenceClaim }
  | { readonly kind: 'done' }
  /** Another invocation has it; it is known within so many seconds what became of it. */
  | { readonly kind: 'busy'; readonly seconds: number };

/** How long nobody else touches an occurrence after an attempt began: longer than the function may run. */
const leaseSeconds = 90;
/** Longer than SQS keeps a message, so that what comes back from the dead-letter queue is known. */
const keptSeconds = 15 * 86_400;

/** Where the table keeps what became of an occurrence at a destination. `what` is an alert's id, or a follow-up's key. */
export function occurrenceKey(destination: string, what: string): string {
  return `occurrence#${destination}#${what}`;
}

/** Claims an occurrence, so that the same finding from two buses, or a message delivered twice, is announced once. */
export function claimOccurrence(
  table: AlertTable,
  what: string,
  destination: string,
  owner: string,
  now: Date,
): Promise<ClaimResult> {
  const id = occurrenceKey(destination, what);
  const seconds = epochSeconds(now);
  return change(table, id, now, (found): { item?: NewItem; result: ClaimResult } => {
    if (found?.state === 'done') {
      return { result: { kind: 'done' } };
    }
    if (found !== undefined && found.owner !== owner && Number(found.leaseUntil) > seconds) {
      return { result: { kind: 'busy', seconds: Number(found.leaseUntil) - seconds } };
    }
    const attempt = Number(found?.attempt ?? 0) + 1;
    const startedAt = Number(found?.startedAt ?? now.getTime());
    const digest = typeof found?.digest === 'string' ? found.digest : undefined;
    return {
      item: {
        id,
        state: 'handling',
        owner,
        attempt,
        startedAt,
        digest,
        leaseUntil: seconds + leaseSeconds,
        expiresAt: seconds + keptSeconds,
      },
      result: {
        kind: 'mine',
        claim: { id, attempt, uncertain: attempt > 1 && found?.clean !== true, startedAt: new Date(startedAt), digest },
      },
    };
  });
}

/** Gives an occurrence back that surely was not announced: to whoever comes next, at once. */
export function releaseOccurrence(table: AlertTable, claim: OccurrenceClaim, now: Date): Promise<void> {
  const { id, attempt, digest } = claim;
  const expiresAt = epochSeconds(now) + keptSeconds;
  return table.put({
    id,
    attempt,
    digest,
    clean: !claim.uncertain,
    startedAt: claim.startedAt.getTime(),
    leaseUntil: 0,
    expiresAt,
  });
}

/** Notes that the occurrence needs no further attempt. */
export function finishOccurrence(table: AlertTable, claim: OccurrenceClaim, now: Date): Promise<void> {
  return table.put({ id: claim.id, state: 'done', expiresAt: epochSeconds(now) + keptSeconds });
}

/** Whether somebody has tried to announce the occurrence, is done with it, or may have given up. */
export async function stateOfOccurrence(
  table: AlertTable,
  id: string,
  now: Date,
): Promise<'unknown' | 'onItsWay' | 'done' | 'abandoned'> {
  const found = await table.get(id);
  if (found === undefined) {
    return 'unknown';
  }
  if (found.state === 'done') {
    return 'done';
  }
  const touchedAt = found.expiresAt - keptSeconds;
  return touchedAt + abandonedSeconds < epochSeconds(now) ? 'abandoned' : 'onItsWay';
}

/** Notes into which digest the occurrence is about to be put: known even if this invocation dies. */
export async function markDigest(table: AlertTable, claim: OccurrenceClaim, digest: string, now: Date): Promise<void> {
  await change(table, claim.id, now, (found) => ({
    item: found === undefined ? undefined : { ...found, digest },
    result: undefined,
  }));
}
