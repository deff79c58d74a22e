import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import type { Tags } from '../../common/tags';
import { ec2Error } from '../errors';
import { newId } from '../ids';
import type { Image, ImageDisk } from '../images/model';
import type { Cell } from '../state';
import { ebsKey } from '../storage/encryption';
import { defaultIops } from '../storage/volumes';

/** The disks of an image with the changes of a request. @throws ServiceError `MissingParameter`, `InvalidRequest` */
export function disksFor(cell: Cell, image: Image, mappings: readonly BlockDeviceMapping[] | undefined): ImageDisk[] {
  const disks = new Map(image.disks.map((disk) => [disk.deviceName, disk]));
  for (const { DeviceName = '', Ebs, NoDevice, VirtualName } of mappings ?? []) {
    const before = disks.get(DeviceName);
    if (NoDevice !== undefined) {
      disks.delete(DeviceName);
      continue;
    }
    if (!Ebs && VirtualName) {
      continue;
    }
    if (!Ebs) {
      throw ec2Error('MissingParameter', 'The request must contain the parameter ebs');
    }
    const snapshotId = Ebs.SnapshotId ?? before?.snapshotId;
    const snapshot = Ebs.SnapshotId ? cell.snapshots.get(Ebs.SnapshotId) : undefined;
    const size = Ebs.VolumeSize ?? snapshot?.volumeSize ?? before?.size;
    if (size === undefined) {
      throw ec2Error('MissingParameter', 'The request must contain the parameter size or snapshotId');
    }
    disks.set(DeviceName, {
      deviceName: DeviceName,
      snapshotId,
      size,
      type: Ebs.VolumeType ?? before?.type ?? 'gp2',
      encrypted: Ebs.Encrypted ?? snapshot?.encrypted ?? before?.encrypted ?? false,
      deleteOnTermination: Ebs.DeleteOnTermination ?? before?.deleteOnTermination ?? false,
    });
  }
  return [...disks.values()].filter((disk) => disk.virtualName === undefined);
}

/** Makes the volumes of one instance. */
export function addDisks(
  cell: Cell,
  disks: readonly ImageDisk[],
  at: { instanceId: string; zone: string; now: Date; tags: Tags; partition: string },
): void {
  for (const disk of disks) {
    const id = newId('vol');
    cell.volumes.set(id, {
      id,
      zone: at.zone,
      size: disk.size,
      type: disk.type,
      iops: defaultIops(disk.type, disk.size),
      throughput: disk.type === 'gp3' ? 125 : undefined,
      encrypted: disk.encrypted || cell.encryption.byDefault,
      kmsKeyId: disk.encrypted || cell.encryption.byDefault ? ebsKey(cell, at.partition) : undefined,
      snapshotId: disk.snapshotId,
      multiAttach: false,
      createdAt: at.now,
      attachment: {
        instanceId: at.instanceId,
        device: disk.deviceName,
        attachedAt: at.now,
        deleteOnTermination: disk.deleteOnTermination,
      },
      tags: new Map(at.tags),
    });
  }
}
