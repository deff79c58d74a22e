import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumesRequest,
  DetachVolumeRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ec2Error, missingParameter } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { newId } from '../ids';
import { findInstance } from '../instances/find';
import { zonesOf } from '../network/zones';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place } from '../state';
import { ebsKey } from './encryption';
import type { Volume } from './model';

/** @throws ServiceError `InvalidVolume.NotFound` */
export function findVolume(cell: Cell, id: string | undefined): Volume {
  const volume = cell.volumes.get(id ?? '');
  if (!volume) {
    throw ec2Error('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
  }
  return volume;
}

function attachmentShape(volume: Volume) {
  const { attachment } = volume;
  return (
    attachment && {
      AttachTime: attachment.attachedAt,
      Device: attachment.device,
      InstanceId: attachment.instanceId,
      State: 'attached',
      VolumeId: volume.id,
      DeleteOnTermination: attachment.deleteOnTermination,
    }
  );
}

function shapeOf(volume: Volume) {
  const attachment = attachmentShape(volume);
  return {
    VolumeId: volume.id,
    Size: volume.size,
    SnapshotId: volume.snapshotId ?? '',
    AvailabilityZone: volume.zone,
    State: volume.attachment ? 'in-use' : 'available',
    CreateTime: volume.createdAt,
    VolumeType: volume.type,
    Iops: volume.iops,
    Throughput: volume.throughput,
    Encrypted: volume.encrypted,
    KmsKeyId: volume.kmsKeyId,
    MultiAttachEnabled: volume.multiAttach,
    Attachments: attachment ? [attachment] : [],
    Tags: volume.tags.size > 0 ? tagList(volume.tags) : undefined,
    Operator: { Managed: false },
  };
}

/** Operations a second that a volume has unless somebody says otherwise (EBS volume types). */
export function defaultIops(type: string, size: number): number | undefined {
  if (type === 'gp3') {
    return 3000;
  }
  return type === 'gp2' ? Math.min(16_000, Math.max(100, size * 3)) : undefined;
}

function checkType(input: CreateVolumeRequest, type: string): void {
  const iops = ['gp3', 'io1', 'io2'].includes(type);
  if (input.Iops !== undefined && !iops) {
    throw ec2Error('InvalidParameterDependency', `The parameter Iops is not recognized`);
  }
  if (input.Throughput !== undefined && type !== 'gp3') {
    const message = `The parameter Throughput is not supported for ${type} volumes.`;
    throw ec2Error('InvalidParameterDependency', message);
  }
  if (input.MultiAttachEnabled && type !== 'io1' && type !== 'io2') {
    const message = `The parameter MultiAttachEnabled is not supported for ${type} volumes.`;
    throw ec2Error('InvalidParameterDependency', message);
  }
  if (input.KmsKeyId !== undefined && !input.Encrypted) {
    const message = 'KmsKeyId was specified, but Encrypted was not. Set Encrypted to true.';
    throw ec2Error('InvalidParameterDependency', message);
  }
}

function createVolume(input: CreateVolumeRequest, { cell, ec2 }: Place) {
  const type = input.VolumeType ?? 'gp2';
  const snapshot = input.SnapshotId ? cell.snapshots.get(input.SnapshotId) : undefined;
  if (input.SnapshotId && !snapshot) {
    throw ec2Error('InvalidSnapshot.NotFound', `The snapshot '${input.SnapshotId}' does not exist.`);
  }
  if (input.Size === undefined && !snapshot) {
    throw missingParameter('size/snapshot');
  }
  const zones = zonesOf(cell.site.region);
  const zone = zones.find(({ name, id }) => name === input.AvailabilityZone || id === input.AvailabilityZoneId);
  if (!zone) {
    const given = input.AvailabilityZone ?? input.AvailabilityZoneId;
    throw ec2Error('InvalidZone.NotFound', `The zone '${given}' does not exist.`);
  }
  checkType(input, type);
  const size = input.Size ?? snapshot?.volumeSize ?? 8;
  const encrypted = cell.encryption.byDefault || (input.Encrypted ?? snapshot?.encrypted ?? false);
  const volume: Volume = {
    id: newId('vol'),
    zone: zone.name,
    size,
    type,
    iops: input.Iops ?? defaultIops(type, size),
    throughput: input.Throughput ?? (type === 'gp3' ? 125 : undefined),
    encrypted,
    kmsKeyId: encrypted ? (input.KmsKeyId ?? snapshot?.kmsKeyId ?? ebsKey(cell, ec2.world.partition)) : undefined,
    snapshotId: snapshot?.id,
    multiAttach: input.MultiAttachEnabled ?? false,
    createdAt: ec2.world.now(),
    tags: tagsOf(input.TagSpecifications, 'volume'),
  };
  cell.volumes.set(volume.id, volume);
  return { ...shapeOf(volume), State: 'creating' };
}

function attachVolume(input: AttachVolumeRequest, { cell, ec2 }: Place) {
  const volume = findVolume(cell, input.VolumeId);
  const instance = findInstance(cell, input.InstanceId);
  if (volume.attachment) {
    const { instanceId } = volume.attachment;
    const message = `${volume.id} is already attached to an instance`;
    throw ec2Error(instanceId === instance.id ? 'VolumeInUse' : 'VolumeInUse', message);
  }
  if (volume.zone !== instance.zone) {
    const message = `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`;
    throw ec2Error('InvalidVolume.ZoneMismatch', message);
  }
  const device = input.Device ?? '';
  const taken = [...cell.volumes.values()].some(
    ({ attachment }) => attachment?.instanceId === instance.id && attachment.device === device,
  );
  if (taken) {
    const message = `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`;
    throw ec2Error('InvalidParameterValue', message);
  }
  volume.attachment = { instanceId: instance.id, device, attachedAt: ec2.world.now(), deleteOnTermination: false };
  return { ...attachmentShape(volume), State: 'attaching' };
}

function detachVolume(input: DetachVolumeRequest, { cell }: Place) {
  const volume = findVolume(cell, input.VolumeId);
  const { attachment } = volume;
  const { InstanceId, Device } = input;
  if (!attachment) {
    throw ec2Error('IncorrectState', `Volume '${volume.id}' is in the 'available' state.`);
  }
  const elsewhere = InstanceId !== undefined && InstanceId !== attachment.instanceId;
  if (elsewhere || (Device !== undefined && Device !== attachment.device)) {
    const at = Device ?? attachment.device;
    const message = `The volume ${volume.id} is not attached to instance ${InstanceId ?? attachment.instanceId} as device ${at}`;
    throw ec2Error('InvalidAttachment.NotFound', message);
  }
  const shape = attachmentShape(volume);
  volume.attachment = undefined;
  return { ...shape, State: 'detaching' };
}

const fields: FilterFields<Volume> = {
  'attachment.attach-time': (volume) => volume.attachment?.attachedAt.toISOString(),
  'attachment.delete-on-termination': (volume) => volume.attachment?.deleteOnTermination,
  'attachment.device': (volume) => volume.attachment?.device,
  'attachment.instance-id': (volume) => volume.attachment?.instanceId,
  'attachment.status': (volume) => volume.attachment && 'attached',
  'availability-zone': (volume) => volume.zone,
  'create-time': (volume) => volume.createdAt.toISOString(),
  encrypted: (volume) => volume.encrypted,
  'multi-attach-enabled': (volume) => volume.multiAttach,
  size: (volume) => volume.size,
  'snapshot-id': (volume) => volume.snapshotId,
  status: (volume) => (volume.attachment ? 'in-use' : 'available'),
  'volume-id': (volume) => volume.id,
  'volume-type': (volume) => volume.type,
};

export const volumeOperations: Operations = {
  CreateVolume: createVolume,
  AttachVolume: attachVolume,
  DetachVolume: detachVolume,
  DeleteVolume: (input: DeleteVolumeRequest, { cell }) => {
    const volume = findVolume(cell, input.VolumeId);
    if (volume.attachment) {
      const message = `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`;
      throw ec2Error('VolumeInUse', message);
    }
    cell.volumes.delete(volume.id);
  },
  DescribeVolumes: (input: DescribeVolumesRequest, { cell }) => {
    const ids = input.VolumeIds ?? [];
    const all = ids.length > 0 ? ids.map((id) => findVolume(cell, id)) : cell.volumes.values();
    const page = pageOf(
      filtered(all, input.Filters, fields, (volume) => volume.tags),
      input,
      1,
    );
    return { Volumes: page.items.map(shapeOf), NextToken: page.NextToken };
  },
};
