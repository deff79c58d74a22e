import type { Alert } from '../alert';
import { epochSeconds } from '../epoch';
import { type FindingRecord, findingRecordKey } from '../record';
import type { Receipt } from '../transports/destination';
import type { AlertTable } from './table';

/** Records that a finding was announced, so that a drill (and a person) can see it. Nothing for other alerts. */
export async function recordFinding(
  table: AlertTable,
  alert: Alert,
  announced: {
    readonly as: string;
    readonly destination?: string;
    readonly receipt?: Receipt;
    readonly now: Date;
    readonly days: number;
  },
): Promise<void> {
  if (alert.finding === undefined) {
    return;
  }
  const { accountId, region, finding } = alert;
  const record: FindingRecord = {
    id: findingRecordKey({ accountId, region, findingId: finding.id }),
    announcedAt: announced.now.toISOString(),
    as: announced.as,
    destination: announced.destination,
    channel: announced.receipt?.channel,
    ts: announced.receipt?.ts,
    expiresAt: epochSeconds(announced.now) + announced.days * 86_400,
  };
  await table.put({ ...record });
}
