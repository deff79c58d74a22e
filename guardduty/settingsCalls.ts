import {
  CreateFilterCommand,
  CreateIPSetCommand,
  CreatePublishingDestinationCommand,
  CreateThreatIntelSetCommand,
  DeleteFilterCommand,
  DeleteIPSetCommand,
  DeletePublishingDestinationCommand,
  DeleteThreatIntelSetCommand,
  GuardDutyClient,
  type IpSetFormat,
  UpdateFilterCommand,
  UpdateIPSetCommand,
  UpdatePublishingDestinationCommand,
  UpdateThreatIntelSetCommand,
} from '@aws-sdk/client-guardduty';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GarrisonError } from '../organization/errors';
import { explain } from '../organization/failures';
import { readTextFile } from '../organization/files';
import type { Session } from '../organization/sessions';
import type { ChangeOf, SettingChange } from './change';
import { garrisonTag, type ListObject, toFindingCriteria } from './settings';
import { listKey } from './settingsDesired';
import { noteSettings } from './settingsNoteCalls';

/** Uploads of one run by their keys: all regions share a list's file. */
export type Uploads = Map<string, Promise<void>>;

/** Makes one change of a filter, a list or the publishing destination, as the administrator. */
export async function changeSetting(session: Session, change: SettingChange, uploads: Uploads): Promise<void> {
  if (change.kind === 'set-list') {
    await uploaded(session, change.list.object, uploads);
  }
  const client = session.client(GuardDutyClient, change.region);
  const { operation, call } = change.kind === 'note-settings' ? noteSettings(client, change) : callOf(client, change);
  try {
    await call();
  } catch (error) {
    const isGone =
      /^delete-/.test(change.kind) && /does ?n.t exist|not owned|not found/i.test((error as Error).message);
    if (!isGone) {
      throw explain(error, {
        accountId: session.accountId,
        region: change.region,
        operation: `guardduty:${operation}`,
      });
    }
  }
}

interface Call {
  readonly operation: string;
  readonly call: () => Promise<unknown>;
}

function callOf(client: GuardDutyClient, change: Exclude<SettingChange, { kind: 'note-settings' }>): Call {
  const { detectorId: DetectorId } = change;
  switch (change.kind) {
    case 'set-filter':
      return setFilter(client, change);
    case 'delete-filter': {
      const request = new DeleteFilterCommand({ DetectorId, FilterName: change.name });
      return { operation: 'DeleteFilter', call: () => client.send(request) };
    }
    case 'set-list':
      return change.list.kind === 'trusted' ? setTrustedList(client, change) : setThreatList(client, change);
    case 'delete-list':
      return change.list === 'trusted'
        ? {
            operation: 'DeleteIPSet',
            call: () => client.send(new DeleteIPSetCommand({ DetectorId, IpSetId: change.id })),
          }
        : {
            operation: 'DeleteThreatIntelSet',
            call: () => client.send(new DeleteThreatIntelSetCommand({ DetectorId, ThreatIntelSetId: change.id })),
          };
    case 'set-destination':
      return setDestination(client, change);
    case 'delete-destination': {
      const request = new DeletePublishingDestinationCommand({ DetectorId, DestinationId: change.id });
      return { operation: 'DeletePublishingDestination', call: () => client.send(request) };
    }
  }
}

function setFilter(client: GuardDutyClient, { detectorId, filter, exists }: ChangeOf<'set-filter'>): Call {
  const { name, description = '', action: Action, rank: Rank, criteria } = filter;
  const common = { DetectorId: detectorId, Description: description, Action, Rank };
  const FindingCriteria = toFindingCriteria(criteria);
  return exists
    ? {
        operation: 'UpdateFilter',
        call: () => client.send(new UpdateFilterCommand({ ...common, FilterName: name, FindingCriteria })),
      }
    : {
        operation: 'CreateFilter',
        call: () =>
          client.send(
            new CreateFilterCommand({ ...common, Name: name, FindingCriteria, Tags: { [garrisonTag]: 'filter' } }),
          ),
      };
}

function setTrustedList(client: GuardDutyClient, { detectorId: DetectorId, list, id }: ChangeOf<'set-list'>): Call {
  const common = { DetectorId, Name: list.name, Location: list.location, Activate: true };
  const created = { ...common, Format: list.format as IpSetFormat, Tags: { [garrisonTag]: 'list' } };
  return id === undefined
    ? { operation: 'CreateIPSet', call: () => client.send(new CreateIPSetCommand(created)) }
    : { operation: 'UpdateIPSet', call: () => client.send(new UpdateIPSetCommand({ ...common, IpSetId: id })) };
}

function setThreatList(client: GuardDutyClient, { detectorId: DetectorId, list, id }: ChangeOf<'set-list'>): Call {
  const common = { DetectorId, Name: list.name, Location: list.location, Activate: true };
  const created = { ...common, Format: list.format as IpSetFormat, Tags: { [garrisonTag]: 'list' } };
  return id === undefined
    ? { operation: 'CreateThreatIntelSet', call: () => client.send(new CreateThreatIntelSetCommand(created)) }
    : {
        operation: 'UpdateThreatIntelSet',
        call: () => client.send(new UpdateThreatIntelSetCommand({ ...common, ThreatIntelSetId: id })),
      };
}

function setDestination(client: GuardDutyClient, change: ChangeOf<'set-destination'>): Call {
  const { detectorId: DetectorId, bucketArn, kmsKeyArn, id } = change;
  const DestinationProperties = { DestinationArn: bucketArn, KmsKeyArn: kmsKeyArn };
  const created = { DetectorId, DestinationType: 'S3', DestinationProperties } as const;
  const Tags = { [garrisonTag]: 'destination' };
  return id === undefined
    ? {
        operation: 'CreatePublishingDestination',
        call: () => onceAdmitted(() => client.send(new CreatePublishingDestinationCommand({ ...created, Tags }))),
      }
    : {
        operation: 'UpdatePublishingDestination',
        call: () =>
          onceAdmitted(() =>
            client.send(
              new UpdatePublishingDestinationCommand({ DetectorId, DestinationId: id, DestinationProperties }),
            ),
          ),
      };
}

/** Waits between attempts, in milliseconds: 7 seconds in all. */
const attempts = [500, 1_000, 2_000, 3_500];

/** The policies of a bucket and a key that were just made take a moment to count. */
async function onceAdmitted(call: () => Promise<unknown>): Promise<unknown> {
  for (const wait of attempts) {
    try {
      return await call();
    } catch (error) {
      if (!/service principal does not have permission/i.test((error as Error).message)) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return call();
}

function uploaded(session: Session, object: ListObject, uploads: Uploads): Promise<void> {
  const known = uploads.get(object.key) ?? upload(session, object);
  uploads.set(object.key, known);
  return known;
}

/** @throws GarrisonError `guardduty.list.changed` when the file is not what was planned with */
async function upload(session: Session, { bucket, key, region, file }: ListObject): Promise<void> {
  const text = readTextFile(file, 'a list of addresses');
  if (listKey(text, file) !== key) {
    const what = `${file}: has changed since the plan was made`;
    throw new GarrisonError('guardduty.list.changed', what, 'Run `garrison apply` again.', { file });
  }
  try {
    const request = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'text/plain' });
    await session.client(S3Client, region).send(request);
  } catch (error) {
    throw explain(error, { accountId: session.accountId, region, operation: 's3:PutObject' });
  }
}
