import type { Alert } from './alert';
import { deduplicationKey } from './deduplication';
import type { FollowUp } from './followUp';
import type { More } from './loadMore';
import type { Log } from './log';
import type { Repetition } from './message/alertMessage';
import type { MessageContext } from './message/context';
import type { PutMetric } from './metric';
import type { Decision } from './routes';
import { recordFinding } from './state/findings';
import { finishOccurrence, type OccurrenceClaim } from './state/occurrence';
import type { AlertTable } from './state/table';
import type { AlertDelivery, Destination, Receipt } from './transports/destination';

/** What became of one alert at one destination. */
export type Outcome =
  | { readonly kind: 'done'; readonly as: 'message' | 'reply' | 'counted' | 'digest' | 'duplicate' | 'followUp' }
  /** The message has to come again after so many seconds: at that time (a digest closes), or at the earliest. */
  | { readonly kind: 'later'; readonly seconds: number; readonly exactly?: true };

export interface DeliveryTools {
  readonly context: MessageContext;
  readonly table: AlertTable;
  readonly destination: (name: string) => Promise<Destination>;
  /** The second bundle: digests, and destinations that not everybody has. */
  readonly more: () => More;
  readonly log: Log;
  /** CloudWatch's, unless given. */
  readonly metric?: PutMetric;
  readonly now: () => Date;
}

/** One alert for one destination, as the routes decided. */
export interface Order {
  readonly alert: Alert;
  readonly decision: Extract<Decision, { kind: 'send' }>;
  readonly destination: string;
  /** The queue message's id: whoever holds it owns the work. */
  readonly owner: string;
  /** What the alert was read from: an EventBridge event. */
  readonly event?: unknown;
  /** What is said under the alert, in place of the alert itself. */
  readonly followUp?: FollowUp;
}

/** Where the order's messages go, for counting and for keys. */
export function placeOf({ destination, decision }: Order): string {
  return decision.channel === undefined ? destination : `${destination}/${decision.channel}`;
}

/** Where the table keeps the incident to which the order's alert belongs. */
export function incidentKey(order: Order, { context }: DeliveryTools): string {
  return `incident#${placeOf(order)}#${deduplicationKey(order.alert, context.settings)}`;
}

/** Notes that the alert was announced and that nothing remains to be done here. */
export async function finish(
  order: Order,
  claim: OccurrenceClaim,
  tools: DeliveryTools,
  as: Extract<Outcome, { kind: 'done' }>['as'],
  receipt?: Receipt,
): Promise<Outcome> {
  await recordFinding(tools.table, order.alert, {
    as,
    destination: order.destination,
    receipt,
    now: tools.now(),
    days: tools.context.settings.recordDays,
  });
  await finishOccurrence(tools.table, claim, tools.now());
  return { kind: 'done', as };
}

/** The order as a destination takes it. */
export function deliveryOf({ alert, decision }: Order, repetition: Repetition, told?: string): AlertDelivery {
  return { alert, channel: decision.channel, options: { mention: decision.mention, repetition, told } };
}
