import type { SQSRecord } from 'aws-lambda';
import type { Alert } from './alert';
import type { DeliveryTools, Order, Outcome } from './order';
import type { ProcessTools } from './process';
import { receivesOf } from './receives';
import { pauseAfter, pauseAsAsked } from './retry';
import { noteWaitingCritical } from './state/outage';
import { isTableUnavailable } from './state/table';
import type { AlertDelivery, Destination, Receipt } from './transports/destination';
import { asDeliveryError } from './transports/errors';
import { deliverWithoutTable } from './withoutTable';

/** So often a message is tried with the alert table before it goes without. */
export const patience = 3;

/** Destinations that asked for rest or are out of reach, for the rest of the batch: seconds to wait. */
export type Resting = Map<string, number>;

/** What was tried in vain: to send an alert, or without a destination to count an event. */
export interface Attempted {
  readonly alert: Alert;
  readonly destination?: string;
  readonly followUp?: { readonly id: string };
}

/** Logs that a message cannot be read: it stays in the queue until it is in the dead-letter queue. */
export function unreadable(error: unknown, record: SQSRecord, tools: ProcessTools): void {
  tools.log('error', codeOf(error), { message: record.messageId });
}

/** What follows from a failed attempt. Answers with the seconds after which the message has to come again. */
export async function failed(
  error: unknown,
  attempted: Attempted,
  record: SQSRecord,
  resting: Resting,
  tools: ProcessTools,
): Promise<number> {
  const { alert, destination, followUp } = attempted;
  const pause = pauseAfterFailure(error, alert, record, tools);
  const ids = { alert: alert.id, followUp: followUp?.id, message: record.messageId, destination };
  tools.log('error', codeOf(error), { ...ids, reason: reasonOf(error), seconds: pause });
  if (destination !== undefined && isOutage(error)) {
    await rest(destination, alert, pause, resting, tools);
  }
  return pause;
}

/** Deduplication is worth two attempts; after that the alert is sent without, as it is better doubled than lost. */
export async function withoutTable(
  error: unknown,
  order: Order,
  receives: number,
  tools: ProcessTools,
): Promise<Outcome> {
  if (!isTableUnavailable(error) || receives < patience) {
    throw error;
  }
  return deliverWithoutTable(order, tools);
}

/** A message whose blocks are refused is sent as text: it is better seen plainly than not at all. */
export async function simplified(
  error: unknown,
  destination: Destination,
  delivery: AlertDelivery,
  tools: DeliveryTools,
): Promise<Receipt> {
  const failure = asDeliveryError(error);
  if (failure?.failure !== 'invalid') {
    throw error;
  }
  tools.log('error', 'message.simplified', { alert: delivery.alert.id, reason: failure.reason });
  return destination.send({ ...delivery, options: { ...delivery.options, plain: true } });
}

function pauseAfterFailure(error: unknown, alert: Alert, record: SQSRecord, tools: ProcessTools): number {
  const failure = asDeliveryError(error);
  if (failure?.failure === 'rateLimited') {
    return pauseAsAsked(failure.retryAfterSeconds ?? 1, receivesOf(record), alert.band, tools.chance());
  }
  // A single lost connection is no outage, however often the message had to wait before.
  const { first } = error as { first?: boolean };
  const times = failure?.failure === 'unknown' && first ? 1 : receivesOf(record);
  return pauseAfter(times, alert.band, tools.chance());
}

/** Whether it failed for a reason that is not the message's own. */
function isOutage(error: unknown): boolean {
  const { failure = 'invalid' } = asDeliveryError(error) ?? {};
  return !['invalid', 'unknown', 'refused'].includes(failure);
}

/** The destination is not tried again in this batch, and while a Critical alert waits for it others wait too. */
async function rest(
  destination: string,
  alert: Alert,
  pause: number,
  resting: Resting,
  tools: ProcessTools,
): Promise<void> {
  resting.set(destination, pause);
  if (alert.band === 'Critical') {
    await noteWaitingCritical(tools.table, destination, tools.now(), pause).catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('notifier.') ? code : 'notifier.failed';
}

/** A word that is safe to log: ours, or the name of an AWS error. */
function reasonOf(error: unknown): string {
  const reason = asDeliveryError(error)?.reason;
  if (reason !== undefined) {
    return reason;
  }
  const name = error instanceof Error ? error.name : typeof error;
  return /^\w{1,60}$/.test(name) ? name : 'Error';
}
