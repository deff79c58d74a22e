import type {
  BlockDeviceMapping,
  CopyImageRequest,
  CreateImageRequest,
  DeregisterImageRequest,
  DisableImageDeprecationRequest,
  EnableImageDeprecationRequest,
  RegisterImageRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error, missingParameter } from '../errors';
import { newId } from '../ids';
import { findInstance } from '../instances/find';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place } from '../state';
import { addSnapshot } from '../storage/snapshots';
import { imageToLaunch, ownImage } from './access';
import type { Image, ImageDisk } from './model';

/** @throws ServiceError `InvalidAMIName.Duplicate`, `InvalidAMIName.Malformed` */
function checkName(cell: Cell, name: string | undefined): string {
  if (!name) {
    throw missingParameter('name');
  }
  if (!/^[a-zA-Z0-9()[\] ./'@_-]{3,128}$/.test(name)) {
    throw ec2Error(
      'InvalidAMIName.Malformed',
      `AMI names must be between 3 and 128 characters long, and may contain letters, numbers, and only these characters: ( ) [ ] space . / - ' @ _`,
    );
  }
  const same = [...cell.images.values()].find((image) => image.name === name && image.state !== 'deregistered');
  if (same) {
    throw ec2Error('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${same.id}`);
  }
  return name;
}

function diskFrom(mapping: BlockDeviceMapping, cell: Cell): ImageDisk | undefined {
  const { DeviceName = '', Ebs, VirtualName, NoDevice } = mapping;
  if (NoDevice !== undefined) {
    return undefined;
  }
  const snapshot = Ebs?.SnapshotId ? cell.snapshots.get(Ebs.SnapshotId) : undefined;
  if (Ebs?.SnapshotId && !snapshot) {
    throw ec2Error('InvalidSnapshot.NotFound', `The snapshot '${Ebs.SnapshotId}' does not exist.`);
  }
  return {
    deviceName: DeviceName,
    snapshotId: Ebs?.SnapshotId,
    size: Ebs?.VolumeSize ?? snapshot?.volumeSize ?? 8,
    type: Ebs?.VolumeType ?? 'gp2',
    encrypted: Ebs?.Encrypted ?? snapshot?.encrypted ?? false,
    deleteOnTermination: Ebs?.DeleteOnTermination ?? true,
    virtualName: Ebs ? undefined : VirtualName,
  };
}

function register(input: RegisterImageRequest, { cell, ec2 }: Place) {
  const name = checkName(cell, input.Name);
  const disks = (input.BlockDeviceMappings ?? []).flatMap((mapping) => diskFrom(mapping, cell) ?? []);
  const image: Image = {
    id: newId('ami'),
    ownerId: cell.site.accountId,
    region: cell.site.region,
    name,
    description: input.Description,
    architecture: input.Architecture ?? 'i386',
    windows: false,
    platformDetails: 'Linux/UNIX',
    virtualization: input.VirtualizationType ?? 'paravirtual',
    rootDeviceName: input.RootDeviceName ?? disks[0]?.deviceName ?? '/dev/sda1',
    disks,
    createdAt: ec2.world.now(),
    bootMode: input.BootMode,
    imdsSupport: input.ImdsSupport,
    enaSupport: input.EnaSupport ?? false,
    permissions: [],
    state: 'available',
    tags: tagsOf(input.TagSpecifications, 'image', ['image', 'snapshot']),
  };
  cell.images.set(image.id, image);
  return { ImageId: image.id };
}

/** Snapshots of an instance's volumes, as the image made of it refers to them. */
function disksOf(input: CreateImageRequest, place: Place, imageId: string): ImageDisk[] {
  const { cell } = place;
  const volumes = [...cell.volumes.values()].filter((volume) => volume.attachment?.instanceId === input.InstanceId);
  return volumes.map((volume) => {
    const description = `Created by CreateImage(${input.InstanceId}) for ${imageId}`;
    const tags = tagsOf(input.TagSpecifications, 'snapshot', ['image', 'snapshot']);
    const snapshot = addSnapshot(place, volume, description, tags);
    return {
      deviceName: volume.attachment?.device ?? '',
      snapshotId: snapshot.id,
      size: volume.size,
      type: volume.type,
      encrypted: volume.encrypted,
      deleteOnTermination: volume.attachment?.deleteOnTermination ?? true,
    };
  });
}

function createImage(input: CreateImageRequest, place: Place) {
  const { cell, ec2 } = place;
  const tags = tagsOf(input.TagSpecifications, 'image', ['image', 'snapshot']);
  const instance = findInstance(cell, input.InstanceId);
  const name = checkName(cell, input.Name);
  const id = newId('ami');
  const image: Image = {
    id,
    ownerId: cell.site.accountId,
    region: cell.site.region,
    name,
    description: input.Description,
    architecture: instance.architecture,
    windows: instance.windows,
    platformDetails: instance.platformDetails,
    virtualization: instance.virtualization,
    rootDeviceName: instance.rootDeviceName,
    disks: disksOf(input, place, id),
    createdAt: ec2.world.now(),
    enaSupport: true,
    sourceInstanceId: instance.id,
    sourceImageId: instance.imageId,
    sourceImageRegion: cell.site.region,
    permissions: [],
    state: 'available',
    tags,
  };
  cell.images.set(id, image);
  return { ImageId: id };
}

function copyImage(input: CopyImageRequest, { cell, ec2 }: Place) {
  const name = checkName(cell, input.Name);
  const { SourceRegion: region = '', SourceImageId: id = '' } = input;
  if (!ec2.world.regions.has(region)) {
    throw ec2Error('InvalidRequest', 'Invalid source region.');
  }
  const source = imageToLaunch(ec2, ec2.look({ ...cell.site, region }), id);
  const image: Image = {
    ...source,
    id: newId('ami'),
    ownerId: cell.site.accountId,
    ownerAlias: undefined,
    region: cell.site.region,
    name,
    description: input.Description,
    createdAt: ec2.world.now(),
    deprecatesAt: undefined,
    sourceImageId: id,
    sourceImageRegion: region,
    sourceInstanceId: undefined,
    permissions: [],
    tags: input.CopyImageTags ? new Map(source.tags) : tagsOf(input.TagSpecifications, 'image', ['image', 'snapshot']),
  };
  cell.images.set(image.id, image);
  return { ImageId: image.id };
}

function setDeprecation(place: Place, id: string | undefined, at: Date | undefined) {
  const image = ownImage(place.ec2, place.cell, id ?? '');
  place.cell.images.set(image.id, { ...image, deprecatesAt: at });
  return { Return: true };
}

/** Making images and putting them away. */
export const imageChanges: Operations = {
  RegisterImage: register,
  CreateImage: createImage,
  CopyImage: copyImage,
  DeregisterImage: (input: DeregisterImageRequest, { cell, ec2 }) => {
    ownImage(ec2, cell, input.ImageId ?? '').state = 'deregistered';
    return { Return: true };
  },
  EnableImageDeprecation: (input: EnableImageDeprecationRequest, place) =>
    setDeprecation(place, input.ImageId, input.DeprecateAt),
  DisableImageDeprecation: (input: DisableImageDeprecationRequest, place) =>
    setDeprecation(place, input.ImageId, undefined),
};
