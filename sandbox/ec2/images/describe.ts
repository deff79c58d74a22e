import type { DescribeImagesRequest, Image as ImageShape } from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ec2Error } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import type { Operations, Place } from '../state';
import { accessibleImages, checkImageId, isHidden, isSharedWith } from './access';
import { isAllowed } from './criteria';
import { type Image, isPublic } from './model';
import { allowedImagesOf } from './settings';

/** Milliseconds and `Z`: dates of images are texts. */
function dateText(date: Date): string {
  return date.toISOString();
}

export function diskShapes(image: Image) {
  return image.disks.map((disk) =>
    disk.virtualName === undefined
      ? {
          DeviceName: disk.deviceName,
          Ebs: {
            DeleteOnTermination: disk.deleteOnTermination,
            Encrypted: disk.encrypted,
            SnapshotId: disk.snapshotId,
            VolumeSize: disk.size,
            VolumeType: disk.type as 'gp3',
            ...(disk.type === 'gp3' ? { Iops: 3000, Throughput: 125 } : {}),
          },
        }
      : { DeviceName: disk.deviceName, VirtualName: disk.virtualName },
  );
}

function shapeOf(image: Image, { cell, ec2 }: Place): ImageShape {
  const settings = allowedImagesOf(ec2, cell);
  const owner = image.ownerAlias ?? image.ownerId;
  return {
    ImageId: image.id,
    ImageLocation: `${owner}/${image.name}`,
    ImageType: 'machine',
    Public: isPublic(image),
    OwnerId: image.ownerId,
    ImageOwnerAlias: image.ownerAlias,
    Name: image.name,
    Description: image.description,
    Architecture: image.architecture as 'x86_64',
    Platform: image.windows ? 'Windows' : undefined,
    PlatformDetails: image.platformDetails,
    UsageOperation: image.windows ? 'RunInstances:0002' : 'RunInstances',
    ProductCodes: [],
    State: image.state as 'available',
    BlockDeviceMappings: diskShapes(image),
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: 'ebs',
    VirtualizationType: image.virtualization as 'hvm',
    Hypervisor: 'xen',
    EnaSupport: image.enaSupport,
    SriovNetSupport: 'simple',
    BootMode: image.bootMode as 'uefi' | undefined,
    ImdsSupport: image.imdsSupport as 'v2.0' | undefined,
    CreationDate: dateText(image.createdAt),
    DeprecationTime: image.deprecatesAt && dateText(image.deprecatesAt),
    DeregistrationProtection: 'disabled',
    SourceInstanceId: image.sourceInstanceId,
    SourceImageId: image.sourceImageId,
    SourceImageRegion: image.sourceImageRegion,
    // Told as long as Allowed AMIs counts or looks on.
    ImageAllowed:
      settings.state === 'disabled' ? undefined : isAllowed(image, settings, cell.site.accountId, ec2.world.now()),
    Tags: image.tags.size > 0 ? tagList(image.tags) : undefined,
  };
}

const fields: FilterFields<Image> = {
  architecture: (image) => image.architecture,
  'block-device-mapping.delete-on-termination': (image) => image.disks.map((disk) => disk.deleteOnTermination),
  'block-device-mapping.device-name': (image) => image.disks.map((disk) => disk.deviceName),
  'block-device-mapping.snapshot-id': (image) => image.disks.map((disk) => disk.snapshotId),
  'block-device-mapping.volume-size': (image) => image.disks.map((disk) => disk.size),
  'block-device-mapping.volume-type': (image) => image.disks.map((disk) => disk.type),
  'block-device-mapping.encrypted': (image) => image.disks.map((disk) => disk.encrypted),
  'creation-date': (image) => dateText(image.createdAt),
  description: (image) => image.description,
  'ena-support': (image) => image.enaSupport,
  hypervisor: () => 'xen',
  'image-id': (image) => image.id,
  'image-type': () => 'machine',
  'is-public': (image) => isPublic(image),
  'kernel-id': () => undefined,
  'manifest-location': (image) => `${image.ownerAlias ?? image.ownerId}/${image.name}`,
  name: (image) => image.name,
  'owner-alias': (image) => image.ownerAlias,
  'owner-id': (image) => image.ownerId,
  platform: (image) => (image.windows ? 'windows' : undefined),
  'product-code': () => undefined,
  'product-code.type': () => undefined,
  'ramdisk-id': () => undefined,
  'root-device-name': (image) => image.rootDeviceName,
  'root-device-type': () => 'ebs',
  'source-image-id': (image) => image.sourceImageId,
  'source-image-region': (image) => image.sourceImageRegion,
  'source-instance-id': (image) => image.sourceInstanceId,
  state: (image) => image.state,
  'state-reason-code': () => undefined,
  'state-reason-message': () => undefined,
  'sriov-net-support': () => 'simple',
  'virtualization-type': (image) => image.virtualization,
};

/**
 * Whether one of the users who are asked for may launch an image by a permission: for the caller those of its
 * organization count too, `all` stands for everybody.
 */
function isLaunchable(image: Image, users: readonly string[], { cell, ec2 }: Place): boolean {
  const { accountId } = cell.site;
  return users.some((user) => {
    if (user === 'all') {
      return isPublic(image);
    }
    return user === 'self' || user === accountId
      ? isSharedWith(ec2, image, accountId)
      : image.permissions.some(({ UserId }) => UserId === user);
  });
}

function isOwned(image: Image, owners: readonly string[], accountId: string): boolean {
  return owners.some((owner) =>
    owner === 'self' ? image.ownerId === accountId : owner === image.ownerId || owner === image.ownerAlias,
  );
}

function byIds(place: Place, images: readonly Image[], ids: readonly string[]): Image[] {
  const missing: string[] = [];
  const found = ids.flatMap((id) => {
    checkImageId(id);
    const image = images.find((one) => one.id === id);
    // What was deregistered is gone without an error.
    if (!image && !place.cell.images.has(id)) {
      missing.push(id);
    }
    return image ?? [];
  });
  if (missing.length > 0) {
    const [subject, verb] = missing.length > 1 ? ['image ids', 'do'] : ['image id', 'does'];
    throw ec2Error('InvalidAMIID.NotFound', `The ${subject} '[${missing.join(', ')}]' ${verb} not exist`);
  }
  return found;
}

function isDeprecated(image: Image, now: Date): boolean {
  return image.deprecatesAt !== undefined && image.deprecatesAt <= now;
}

function describeImages(input: DescribeImagesRequest, place: Place) {
  const { cell, ec2 } = place;
  const { accountId } = cell.site;
  const { ImageIds: ids = [], Owners: owners = [], ExecutableUsers: users = [] } = input;
  const visible = accessibleImages(ec2, cell).filter((image) => !isHidden(ec2, cell, image));
  const named = ids.length > 0 ? byIds(place, visible, ids) : visible;
  const now = ec2.world.now();
  const found = named
    .filter((image) => owners.length === 0 || isOwned(image, owners, accountId))
    .filter((image) => users.length === 0 || isLaunchable(image, users, place))
    .filter((image) => {
      const shown = input.IncludeDeprecated || ids.length > 0 || image.ownerId === accountId;
      return shown || !isDeprecated(image, now);
    });
  const settings = allowedImagesOf(ec2, cell);
  const own: FilterFields<Image> = {
    ...fields,
    'image-allowed': (image) => isAllowed(image, settings, accountId, now),
  };
  const page = pageOf(
    filtered(found, input.Filters, own, (image) => image.tags),
    input,
    1,
  );
  return { Images: page.items.map((image) => shapeOf(image, place)), NextToken: page.NextToken };
}

export const imageQueries: Operations = { DescribeImages: describeImages };
