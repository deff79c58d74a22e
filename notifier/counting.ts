import type { Alert } from './alert';
import type { DeliveryTools } from './order';
import { memoryTable } from './state/memoryTable';
import { countTowards } from './state/thresholds';

/** Outlives invocations, not the function. */
const substitute = memoryTable();

/**
 * Counts the event of a detection that counts. Answers with the alert that is to be sent when the threshold is full.
 *
 * @param patient whether a table that cannot be used is tried again; else the memory of this function counts
 * @throws TableBusy; when patient TableUnavailable
 */
export async function counted(alert: Alert, tools: DeliveryTools, patient: boolean): Promise<Alert | undefined> {
  const { threshold } = alert;
  if (threshold === undefined) {
    return alert;
  }
  const countIn = (table: DeliveryTools['table']) => countTowards(table, alert, threshold, tools.now());
  const reached = await countIn(tools.table).catch((error: unknown) => {
    if (patient || !(error instanceof Error && error.name === 'TableUnavailable')) {
      throw error;
    }
    tools.log('error', 'table.unavailable', { alert: alert.id });
    return countIn(substitute);
  });
  return reached === undefined
    ? undefined
    : {
        ...alert,
        count: threshold.count,
        firstSeen: new Date(reached.first * 1_000),
        lastSeen: new Date(reached.last * 1_000),
      };
}
