import type { SQSRecord } from 'aws-lambda';
import type { Alert } from './alert';
import type { ProcessTools } from './process';
import { pauseAfter, pauseAsAsked, receivesOf } from './retry';
import { noteWaitingCritical } from './state/outage';
import { asDeliveryError } from './transports/errors';

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
  const pause = pauseFor(error, alert, record, tools);
  const ids = { alert: alert.id, followUp: followUp?.id, message: record.messageId, destination };
  tools.log('error', codeOf(error), { ...ids, reason: reasonOf(error), seconds: pause });
  if (destination !== undefined && isOutage(error)) {
    await rest(destination, alert, pause, resting, tools);
  }
  return pause;
}

function pauseFor(error: unknown, alert: Alert, record: SQSRecord, tools: ProcessTools): number {
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
