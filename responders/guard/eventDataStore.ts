import { unless } from '../read';
import type { Decision, Look, Question, Target } from '../responder';

/** An event data store of CloudTrail Lake. */
export interface StoreFacts {
  readonly kind: 'store';
  readonly arn: string;
  /** `ENABLED`, `STOPPED_INGESTION`, `PENDING_DELETION` and others. */
  readonly status: string;
}

/** `undefined` when it is gone for good. */
export async function observeStore({ resource }: Target, look: Look): Promise<StoreFacts | undefined> {
  const call = { service: 'cloudtrail', operation: 'GetEventDataStore', input: { EventDataStore: resource } } as const;
  const found = await unless(look.read<{ EventDataStoreArn?: string; Status?: string }>(call), [
    'EventDataStoreNotFoundException',
  ]);
  return found && { kind: 'store', arn: found.EventDataStoreArn ?? resource, status: found.Status ?? 'unknown' };
}

/** Restored within the week in which AWS keeps it, or taking events in again. Pure. */
export function decideStore({ arn, status }: StoreFacts, { strategy, place }: Question): Decision {
  const remedies: Readonly<Record<string, typeof restore>> = { PENDING_DELETION: restore, STOPPED_INGESTION: start };
  const wanted = Object.hasOwn(remedies, status) ? remedies[status] : undefined;
  if (wanted === undefined) {
    return { kind: 'nothing', reasons: [`the event data store ${arn} is ${status}`] };
  }
  const reasons = [`the event data store ${arn} is ${status}`];
  const call = { service: 'cloudtrail', region: place.region, input: { EventDataStore: arn } } as const;
  return strategy !== 'restore'
    ? { kind: 'notify', reasons, advice: [`aws cloudtrail ${wanted.command} --event-data-store ${arn}`] }
    : {
        kind: 'act',
        reasons,
        steps: [
          {
            ...call,
            operation: wanted.operation,
            does: `${wanted.does} the event data store ${arn}`,
            stale: ['InvalidEventDataStoreStatusException', 'EventDataStoreNotFoundException'],
            undo: [{ ...call, operation: wanted.back, does: `${wanted.undoes} the event data store ${arn}` }],
          },
        ],
      };
}

const restore = {
  operation: 'RestoreEventDataStore',
  command: 'restore-event-data-store',
  does: 'restores',
  back: 'DeleteEventDataStore',
  undoes: 'deletes again',
};
const start = {
  operation: 'StartEventDataStoreIngestion',
  command: 'start-event-data-store-ingestion',
  does: 'starts the ingestion of',
  back: 'StopEventDataStoreIngestion',
  undoes: 'stops the ingestion of',
};
