import { epochSeconds } from './epoch';
import { alertRecordKey, packed, shownDetail } from './interaction/alertRecord';
import { consoleLink } from './message/links';
import type { DeliveryTools, Order } from './order';

/** Keeps an alert's event for whoever clicks on its JSON. The alert goes out even when this cannot be done. */
export async function keepEvent({ alert, event }: Order, tools: DeliveryTools): Promise<void> {
  const { settings } = tools.context;
  const { type, accountId } = alert;
  const item = {
    id: alertRecordKey(alert.id),
    type: type.slice(0, 300),
    accountId,
    console: consoleLink(alert, settings),
    detail: packed(shownDetail(event)),
    expiresAt: epochSeconds(tools.now()) + settings.recordDays * 86_400,
  };
  await tools.table.put(item).catch(() => tools.log('warning', 'alert.notKept', { alert: alert.id }));
}
