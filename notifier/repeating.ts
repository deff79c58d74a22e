import { toldOf } from './message/repeatMessage';
import { type DeliveryTools, deliveryOf, finish, type Order, type Outcome } from './order';
import type { Incident } from './state/incident';
import { settleIncident } from './state/incident';
import type { OccurrenceClaim } from './state/occurrence';
import type { Thread } from './transports/destination';
import { asDeliveryError } from './transports/errors';

/** The same came again: told in the thread of the first message and counted on it, where that can be done. */
export async function repeat(
  order: Order,
  claim: OccurrenceClaim,
  incident: Incident,
  thread: Thread,
  tools: DeliveryTools,
): Promise<Outcome> {
  const { threads } = await tools.destination(order.destination);
  if (threads === undefined) {
    return finish(order, claim, tools, 'counted');
  }
  const delivery = deliveryOf(order, { times: incident.times, last: order.alert.lastSeen }, incident.told);
  if (tools.context.settings.repeats !== 'first') {
    const there = claim.uncertain
      ? await threads.find(order.alert.id, claim.startedAt, thread.channel, thread)
      : undefined;
    if (there === undefined) {
      await threads.reply(thread, delivery);
    }
  }
  await settleIncident(tools.table, incident.id, tools.now(), { state: 'sent', thread, told: toldOf(order.alert) });
  await updateCounter(() => threads.update(thread, delivery), order, tools);
  return finish(order, claim, tools, tools.context.settings.repeats === 'first' ? 'counted' : 'reply', thread);
}

/** The counter is worth one attempt: the next repeat brings it up to date. */
async function updateCounter(update: () => Promise<void>, order: Order, tools: DeliveryTools): Promise<void> {
  try {
    await update();
  } catch (error) {
    const failure = asDeliveryError(error);
    if (failure === undefined) {
      throw error;
    }
    tools.log('warning', 'counter.notUpdated', { alert: order.alert.id, reason: failure.reason });
  }
}
