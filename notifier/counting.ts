import type { SQSRecord } from 'aws-lambda';
import type { Alert } from './alert';
import { failed, patience } from './failing';
import type { ProcessTools } from './process';
import { receivesOf } from './receives';
import { memoryTable } from './state/memoryTable';
import { isTableUnavailable } from './state/table';
import { countTowards, type Reached } from './state/thresholds';

/** Outlives invocations, not the function. */
const substitute = memoryTable();

/**
 * Counts the event of a detection that counts. Answers with the alert that is to be sent when the threshold is full,
 * with nothing before, and with `again` when the event could not be counted and its message has to come again.
 */
export async function countOne(
  alert: Alert,
  record: SQSRecord,
  tools: ProcessTools,
): Promise<Alert | undefined | 'again'> {
  const { threshold } = alert;
  if (threshold === undefined) {
    return alert;
  }
  const countIn = (table: ProcessTools['table']) => countTowards(table, alert, threshold, tools.now());
  try {
    const reached = await countIn(tools.table).catch((error: unknown) => {
      if (!isTableUnavailable(error) || receivesOf(record) < patience) {
        throw error;
      }
      tools.log('error', 'table.unavailable', { alert: alert.id });
      return countIn(substitute);
    });
    if (reached === undefined) {
      tools.log('info', 'alert.belowThreshold', { alert: alert.id, message: record.messageId });
    }
    return reached && full(alert, reached, threshold.count);
  } catch (error) {
    await tools.hide(record, await failed(error, { alert }, record, new Map(), tools));
    return 'again';
  }
}

function full(alert: Alert, { first, last }: Reached, count: number): Alert {
  return { ...alert, count, firstSeen: new Date(first * 1_000), lastSeen: new Date(last * 1_000) };
}
