import type { Alert } from '../alert';
import { epochSeconds } from '../epoch';
import type { RepeatPolicy } from '../settings';
import { rankOf } from '../severity';
import type { Thread } from '../transports/destination';
import { type AlertTable, change, type Item, type NewItem } from './table';

/** Alerts of one key at one destination, from the first message until the window ends. */
export interface Incident {
  readonly id: string;
  /** How many occurrences, this one counted. */
  readonly times: number;
  /** The first message, where it can be answered and changed. */
  readonly thread?: Thread;
  /** What the last message told, to tell only what is new. */
  readonly told?: string;
}

export type JoinResult =
  /** This occurrence is the one to post. */
  | { readonly kind: 'first'; readonly incident: Incident; readonly escalated: boolean }
  | { readonly kind: 'repeat'; readonly incident: Incident }
  /** The first one is still on its way. */
  | { readonly kind: 'wait' };

export interface JoinOptions {
  readonly id: string;
  readonly windowSeconds: number;
  readonly policy: RepeatPolicy;
}

/** After so many seconds without an attempt, a first message that never arrived no longer holds the others back. */
export const abandonedSeconds = 1_800;
const daySeconds = 86_400;

/** Finds out whether the alert is the first of its key within the window, and counts it. Safe to repeat. */
export function joinIncident(table: AlertTable, alert: Alert, now: Date, options: JoinOptions): Promise<JoinResult> {
  const seconds = epochSeconds(now);
  return change(table, options.id, now, (found): { item?: NewItem; result: JoinResult } => {
    if (found === undefined || Number(found.windowEnds) <= seconds || isAbandoned(found, alert, seconds)) {
      return first(found, alert, seconds, options, 1, false);
    }
    const counted = found.last === alert.id ? Number(found.times) : Number(found.times) + 1;
    if (found.first === alert.id) {
      const again = { ...found, touchedAt: seconds };
      return {
        item: again,
        result: { kind: 'first', incident: incidentOf(again), escalated: found.escalated === true },
      };
    }
    if (found.state === 'sending') {
      return { result: { kind: 'wait' } };
    }
    const escalated = rankOf(alert.band) > Number(found.rank) && options.policy !== 'first';
    if (escalated || options.policy === 'every') {
      return first(found, alert, seconds, options, counted, escalated);
    }
    const next = { ...found, times: counted, last: alert.id };
    return { item: next, result: { kind: 'repeat', incident: incidentOf(next) } };
  });
}

/** Notes where the first message is, or that it went into a digest, and what it told. */
export async function settleIncident(
  table: AlertTable,
  id: string,
  now: Date,
  settled: { readonly state: 'sent' | 'digested'; readonly thread?: Thread; readonly told: string },
): Promise<void> {
  await change(table, id, now, (found) => ({
    item:
      found === undefined
        ? undefined
        : {
            ...found,
            state: settled.state,
            channel: settled.thread?.channel,
            ts: settled.thread?.ts,
            told: settled.told,
          },
    result: undefined,
  }));
}

/** Where a follow-up finds what was announced. */
export type Announced =
  | { readonly kind: 'thread'; readonly thread: Thread }
  /** In a digest, or where nothing can be answered. */
  | { readonly kind: 'noThread' }
  | { readonly kind: 'onItsWay' }
  | { readonly kind: 'unknown' };

/** What has become of the first message of an incident, also after its window has ended. */
export async function announcedIncident(table: AlertTable, id: string, now: Date): Promise<Announced> {
  const found = await table.get(id);
  const seconds = epochSeconds(now);
  if (found === undefined || found.expiresAt <= seconds) {
    return { kind: 'unknown' };
  }
  if (found.state === 'sending') {
    return Number(found.touchedAt) + abandonedSeconds < seconds ? { kind: 'noThread' } : { kind: 'onItsWay' };
  }
  const { thread } = incidentOf(found);
  return thread === undefined ? { kind: 'noThread' } : { kind: 'thread', thread };
}

function first(
  found: Item | undefined,
  alert: Alert,
  seconds: number,
  options: JoinOptions,
  times: number,
  escalated: boolean,
): { item: NewItem; result: JoinResult } {
  const item = {
    id: options.id,
    state: 'sending',
    first: alert.id,
    last: alert.id,
    rank: rankOf(alert.band),
    times,
    escalated,
    told: escalated ? found?.told : undefined,
    windowEnds: seconds + options.windowSeconds,
    touchedAt: seconds,
    expiresAt: seconds + options.windowSeconds + daySeconds,
  };
  return { item, result: { kind: 'first', incident: incidentOf(item), escalated } };
}

function isAbandoned(found: Item, alert: Alert, seconds: number): boolean {
  return found.state === 'sending' && found.first !== alert.id && Number(found.touchedAt) + abandonedSeconds < seconds;
}

function incidentOf(item: NewItem): Incident {
  const thread =
    typeof item.channel === 'string' && typeof item.ts === 'string'
      ? { channel: item.channel, ts: item.ts }
      : undefined;
  return {
    id: item.id,
    times: Number(item.times),
    thread,
    told: typeof item.told === 'string' ? item.told : undefined,
  };
}
