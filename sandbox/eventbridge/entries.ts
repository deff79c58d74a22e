import { randomUUID } from 'node:crypto';
import type { PutEventsRequest, PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { CallContext, Handler } from '../core/service';
import type { Deliverer } from './delivery';
import { type Buses, type BusRecord, invalid } from './state';

const entryLimit = 10;
/** Bytes of one request; 256 KiB before 2026. */
const sizeLimit = 1_048_576;

/** Time as events carry it: seconds, UTC. */
export function eventTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function entrySize(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  return entry.Time ? bytes + 14 : bytes;
}

function problem(entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
      return { ErrorCode: 'InvalidArgument', ErrorMessage };
    }
  }
  if (/^aws\./.test(entry.Source ?? '')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  return detailOf(entry) ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function detailOf(entry: PutEventsRequestEntry): object | undefined {
  try {
    const detail: unknown = JSON.parse(entry.Detail ?? '');
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function record(entry: PutEventsRequestEntry, context: CallContext): BusRecord {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: context.caller.accountId,
    time: eventTime(entry.Time ?? context.world.now()),
    region: context.region,
    resources: entry.Resources ?? [],
    detail: detailOf(entry),
  };
}

/** PutEvents: each entry is accepted or refused by itself; a bus that does not exist swallows its events. */
export function putEvents(buses: Buses, deliverer: Deliverer): Handler {
  return (input: PutEventsRequest, context) => {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > entryLimit) {
      const bound = entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${entryLimit}`;
      throw invalid(
        `1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
      );
    }
    if (entries.reduce((sum, entry) => sum + entrySize(entry), 0) > sizeLimit) {
      throw invalid('Total size of the entries in the request is over the limit.');
    }
    const results = entries.map((entry): PutEventsResultEntry => {
      const refused = problem(entry);
      if (refused) {
        return refused;
      }
      const event = record(entry, context);
      const bus = buses.find(entry.EventBusName, context);
      if (bus) {
        deliverer.arrive(bus, event);
      }
      return { EventId: event.id };
    });
    return { FailedEntryCount: results.filter((result) => result.ErrorCode).length, Entries: results };
  };
}
