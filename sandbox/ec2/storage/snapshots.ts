import type {
  CopySnapshotRequest,
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateVolumePermission,
  DeleteSnapshotRequest,
  DescribeSnapshotAttributeRequest,
  DescribeSnapshotsRequest,
  ModifySnapshotAttributeRequest,
} from '@aws-sdk/client-ec2';
import { type Tags, tagList } from '../../common/tags';
import { ec2Error } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { newId } from '../ids';
import { publicImages } from '../images/catalog';
import { findInstance } from '../instances/find';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place } from '../state';
import type { Snapshot, Volume } from './model';
import { findVolume } from './volumes';

/** A snapshot that is there at once as `pending` and done a moment later. */
export function addSnapshot({ cell, ec2 }: Place, volume: Volume, description: string, tags: Tags): Snapshot {
  const snapshot: Snapshot = {
    id: newId('snap'),
    volumeId: volume.id,
    volumeSize: volume.size,
    description,
    encrypted: volume.encrypted,
    kmsKeyId: volume.kmsKeyId,
    startedAt: ec2.world.now(),
    sharedWith: new Set(),
    state: 'pending',
    tags,
  };
  cell.snapshots.set(snapshot.id, snapshot);
  ec2.world.later(0, () => {
    snapshot.state = 'completed';
  });
  return snapshot;
}

/** @throws ServiceError `InvalidSnapshot.NotFound` */
export function findSnapshot(cell: Cell, id: string | undefined): Snapshot {
  const snapshot = cell.snapshots.get(id ?? '');
  if (!snapshot) {
    throw ec2Error('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
  }
  return snapshot;
}

function shapeOf(snapshot: Snapshot, ownerId: string) {
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.volumeSize,
    Description: snapshot.description,
    Encrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    OwnerId: ownerId,
    State: snapshot.state,
    Progress: snapshot.state === 'completed' ? '100%' : '',
    StartTime: snapshot.startedAt,
    CompletionTime: snapshot.state === 'completed' ? snapshot.startedAt : undefined,
    StorageTier: 'standard',
    TransferType: 'standard',
    Tags: snapshot.tags.size > 0 ? tagList(snapshot.tags) : undefined,
  };
}

interface Owned {
  readonly snapshot: Snapshot;
  readonly ownerId: string;
}

/** The account's own snapshots, those shared with it, and those of AWS's images. */
function visible({ cell, ec2 }: Place): Owned[] {
  const { accountId, region } = cell.site;
  const own = [...cell.snapshots.values()].map((snapshot) => ({ snapshot, ownerId: accountId }));
  const others = ec2.ofRegion(region).filter((other) => other.site.accountId !== accountId);
  const shared = others.flatMap((other) =>
    [...other.snapshots.values()]
      .filter(({ sharedWith }) => sharedWith.has(accountId) || sharedWith.has('all'))
      .map((snapshot) => ({ snapshot, ownerId: other.site.accountId })),
  );
  const published = [...publicImages(region).values()].flatMap((image) =>
    image.disks.map((disk): Owned => {
      const snapshot: Snapshot = {
        id: disk.snapshotId ?? '',
        volumeId: 'vol-ffffffff',
        volumeSize: disk.size,
        description: `Auto-created snapshot for AMI ${image.id}`,
        encrypted: false,
        startedAt: image.createdAt,
        sharedWith: new Set(['all']),
        state: 'completed',
        tags: new Map(),
      };
      return { snapshot, ownerId: image.ownerId };
    }),
  );
  return [...own, ...shared, ...published];
}

const fields: FilterFields<Owned> = {
  description: ({ snapshot }) => snapshot.description,
  encrypted: ({ snapshot }) => snapshot.encrypted,
  'owner-id': ({ ownerId }) => ownerId,
  progress: ({ snapshot }) => (snapshot.state === 'completed' ? '100%' : ''),
  'snapshot-id': ({ snapshot }) => snapshot.id,
  'start-time': ({ snapshot }) => snapshot.startedAt.toISOString(),
  status: ({ snapshot }) => snapshot.state,
  'storage-tier': () => 'standard',
  'volume-id': ({ snapshot }) => snapshot.volumeId,
  'volume-size': ({ snapshot }) => snapshot.volumeSize,
};

function describeSnapshots(input: DescribeSnapshotsRequest, place: Place) {
  const { accountId } = place.cell.site;
  const all = visible(place);
  const ids = input.SnapshotIds ?? [];
  const missing = ids.find((id) => !all.some(({ snapshot }) => snapshot.id === id));
  if (missing !== undefined) {
    throw ec2Error('InvalidSnapshot.NotFound', `The snapshot '${missing}' does not exist.`);
  }
  const owners = (input.OwnerIds ?? []).map((owner) => (owner === 'self' ? accountId : owner));
  const found = all
    .filter(({ snapshot }) => ids.length === 0 || ids.includes(snapshot.id))
    .filter(({ ownerId }) => owners.length === 0 || owners.includes(ownerId) || owners.includes('amazon'));
  const page = pageOf(
    filtered(found, input.Filters, fields, ({ snapshot }) => snapshot.tags),
    input,
  );
  const Snapshots = page.items.map(({ snapshot, ownerId }) => shapeOf(snapshot, ownerId));
  return { Snapshots, NextToken: page.NextToken };
}

/** One snapshot of every volume of an instance. */
function createSnapshots(input: CreateSnapshotsRequest, place: Place) {
  const { cell } = place;
  const { InstanceId, ExcludeBootVolume, ExcludeDataVolumeIds = [] } = input.InstanceSpecification ?? {};
  const instance = findInstance(cell, InstanceId);
  const volumes = [...cell.volumes.values()]
    .filter((volume) => volume.attachment?.instanceId === instance.id)
    .filter((volume) => !ExcludeBootVolume || volume.attachment?.device !== instance.rootDeviceName)
    .filter((volume) => !ExcludeDataVolumeIds.includes(volume.id));
  const Snapshots = volumes.map((volume) => {
    const own = tagsOf(input.TagSpecifications, 'snapshot');
    const tags = input.CopyTagsFromSource === 'volume' ? new Map([...volume.tags, ...own]) : own;
    const { Tags, ...shape } = shapeOf(addSnapshot(place, volume, input.Description ?? '', tags), cell.site.accountId);
    return { ...shape, Tags: Tags ?? [] };
  });
  return { Snapshots };
}

function createSnapshot(input: CreateSnapshotRequest, place: Place) {
  const volume = findVolume(place.cell, input.VolumeId);
  const tags = tagsOf(input.TagSpecifications, 'snapshot');
  return shapeOf(addSnapshot(place, volume, input.Description ?? '', tags), place.cell.site.accountId);
}

function deleteSnapshot(input: DeleteSnapshotRequest, { cell }: Place): void {
  const snapshot = findSnapshot(cell, input.SnapshotId);
  const images = [...cell.images.values()].filter((image) => image.state !== 'deregistered');
  const user = images.find((image) => image.disks.some((disk) => disk.snapshotId === snapshot.id));
  if (user) {
    throw ec2Error('InvalidSnapshot.InUse', `The snapshot ${snapshot.id} is currently in use by ${user.id}`);
  }
  cell.snapshots.delete(snapshot.id);
}

function copySnapshot(input: CopySnapshotRequest, place: Place) {
  const { cell, ec2 } = place;
  const from = ec2.look({ ...cell.site, region: input.SourceRegion ?? '' });
  const source = findSnapshot(from, input.SourceSnapshotId);
  const copy: Snapshot = {
    ...source,
    id: newId('snap'),
    volumeId: 'vol-ffffffff',
    description: input.Description ?? '',
    encrypted: input.Encrypted ?? source.encrypted,
    startedAt: ec2.world.now(),
    sharedWith: new Set(),
    tags: tagsOf(input.TagSpecifications, 'snapshot'),
  };
  cell.snapshots.set(copy.id, copy);
  return { SnapshotId: copy.id, Tags: copy.tags.size > 0 ? tagList(copy.tags) : undefined };
}

function modifyAttribute(input: ModifySnapshotAttributeRequest, { cell }: Place): void {
  const snapshot = findSnapshot(cell, input.SnapshotId);
  const { CreateVolumePermission: changes, OperationType, UserIds = [], GroupNames = [] } = input;
  const names = (list: readonly CreateVolumePermission[] = []) =>
    list.map(({ UserId, Group }) => UserId ?? Group ?? '');
  const short = [...UserIds, ...GroupNames];
  const bad = [...names(changes?.Add), ...names(changes?.Remove), ...short].find(
    (name) => !/^(all|\d{12})$/.test(name),
  );
  if (bad !== undefined) {
    throw ec2Error('InvalidAMIAttributeItemValue', `Invalid attribute item value "${bad}" for userId item type.`);
  }
  for (const name of [...names(changes?.Add), ...(OperationType === 'add' ? short : [])]) {
    snapshot.sharedWith.add(name);
  }
  for (const name of [...names(changes?.Remove), ...(OperationType === 'remove' ? short : [])]) {
    snapshot.sharedWith.delete(name);
  }
}

export const snapshotOperations: Operations = {
  CreateSnapshot: createSnapshot,
  CreateSnapshots: createSnapshots,
  CopySnapshot: copySnapshot,
  DeleteSnapshot: deleteSnapshot,
  DescribeSnapshots: describeSnapshots,
  ModifySnapshotAttribute: modifyAttribute,
  DescribeSnapshotAttribute: (input: DescribeSnapshotAttributeRequest, { cell }) => {
    const snapshot = findSnapshot(cell, input.SnapshotId);
    const CreateVolumePermissions = [...snapshot.sharedWith].map((name) =>
      name === 'all' ? { Group: 'all' as const } : { UserId: name },
    );
    return input.Attribute === 'productCodes'
      ? { SnapshotId: snapshot.id, ProductCodes: [] }
      : { SnapshotId: snapshot.id, CreateVolumePermissions };
  },
};
