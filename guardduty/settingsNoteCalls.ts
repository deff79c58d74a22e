import { type GuardDutyClient, TagResourceCommand } from '@aws-sdk/client-guardduty';
import { partitionOf } from '../organization/partitions';
import type { ChangeOf } from './change';
import { garrisonTag } from './settings';
import { type IndexedKind, indexTags, ownIds } from './settingsIndex';
import { readKind } from './settingsRead';

/** Has the carrier keep the ids of our other settings, as they are now; or forget them. */
export function noteSettings(client: GuardDutyClient, change: ChangeOf<'note-settings'>) {
  return { operation: 'TagResource', call: () => tagCarrier(client, change) };
}

async function tagCarrier(client: GuardDutyClient, change: ChangeOf<'note-settings'>): Promise<void> {
  const { carrier, indexed } = change;
  const [resource, index] = await Promise.all([
    carrierResource(client, change),
    change.forget ? undefined : currentIds(client, change),
  ]);
  if (resource === undefined) {
    return; // It could not be made, or somebody deleted it meanwhile: the next look lists everything.
  }
  const arn = `arn:${partitionOf(change.region)}:guardduty:${change.region}:${change.accountId}`;
  const own = { [garrisonTag]: carrier.kind === 'filter' ? 'filter' : 'list' };
  const Tags = { ...own, ...indexTags(indexed, index) };
  await client.send(new TagResourceCommand({ ResourceArn: `${arn}:detector/${change.detectorId}/${resource}`, Tags }));
}

async function carrierResource(
  client: GuardDutyClient,
  { carrier: { kind, name }, detectorId }: ChangeOf<'note-settings'>,
): Promise<string | undefined> {
  if (kind === 'filter') {
    return `filter/${name}`;
  }
  const { lists } = await readKind({ client, detectorId }, kind);
  const id = lists?.[kind]?.find((list) => list.ours && list.name === name)?.id;
  return id && `${kind === 'trusted' ? 'ipset' : 'threatintelset'}/${id}`;
}

async function currentIds(client: GuardDutyClient, { detectorId, indexed }: ChangeOf<'note-settings'>) {
  const entries = indexed.map(async (kind: IndexedKind) => {
    const found = await readKind({ client, detectorId }, kind);
    return [kind, ownIds(found, kind)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
