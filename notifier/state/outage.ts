import { type AlertTable, change } from './table';

/**
 * While a destination is out of reach, alerts that are less than Critical wait until no Critical one does: after the
 * outage the Critical ones arrive first. Kept as the time until which a Critical alert is known to be waiting.
 */
export async function criticalIsWaiting(table: AlertTable, destination: string, now: Date): Promise<boolean> {
  const found = await table.get(`outage#${destination}`);
  return Number(found?.criticalUntil ?? 0) > now.getTime() / 1_000;
}

/** Notes that a Critical alert could not be sent and is tried again in so many seconds. */
export async function noteWaitingCritical(
  table: AlertTable,
  destination: string,
  now: Date,
  seconds: number,
): Promise<void> {
  const until = Math.ceil(now.getTime() / 1_000) + seconds + marginSeconds;
  const id = `outage#${destination}`;
  await change(table, id, now, (found) => ({
    item:
      Number(found?.criticalUntil ?? 0) >= until ? undefined : { id, criticalUntil: until, expiresAt: until + 3_600 },
    result: undefined,
  }));
}

const marginSeconds = 20;
