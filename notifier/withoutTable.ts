import { deliver } from './delivery';
import type { DeliveryTools, Order, Outcome } from './order';
import { memoryTable } from './state/memoryTable';

/** Outlives invocations, not the function. */
const substitute = memoryTable();

/**
 * Announces an alert, or says a follow-up, although the alert table cannot be read or written: the memory of this
 * function has to do, so that an alert may be doubled, and is not lost for want of a table.
 */
export async function deliverWithoutTable(order: Order, tools: DeliveryTools): Promise<Outcome> {
  tools.log('error', 'table.unavailable', { alert: order.alert.id });
  const remembering = { ...tools, table: substitute };
  return order.followUp === undefined
    ? deliver(order, remembering)
    : tools.more().deliverFollowUp(order, order.followUp, remembering);
}
