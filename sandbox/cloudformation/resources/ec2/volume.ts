import { validationError } from '../../errors';
import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, isSet, pick } from '../values';
import { changeTags, ec2, first, tagSpecifications, unlessGone } from './shared';

const modifiable = ['Size', 'VolumeType', 'Iops', 'Throughput', 'MultiAttachEnabled'];
const fixed = ['AvailabilityZone', 'AvailabilityZoneId', 'Encrypted', 'KmsKeyId', 'SnapshotId', 'OutpostArn'];

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeVolumes', { VolumeIds: [id] }), 'Volumes');
}

function provided(id: string): ProvidedResource {
  return { physicalId: id, attributes: { VolumeId: id } };
}

/** AWS::EC2::Volume */
export const volume: ResourceProvider = {
  async create(context, properties) {
    const { VolumeId } = await ec2(context, 'CreateVolume', {
      ...pick(properties, [...modifiable, ...fixed]),
      TagSpecifications: tagSpecifications(context, properties.Tags, 'volume'),
    });
    return provided(String(VolumeId));
  },
  async update(context, VolumeId, after, before) {
    const stuck = fixed.filter((name) => differs(before, after, [name]));
    if (stuck.length > 0) {
      throw validationError(`Updates to properties [${stuck.join(', ')}] of type AWS::EC2::Volume are not supported.`);
    }
    if (differs(before, after, modifiable)) {
      await ec2(context, 'ModifyVolume', { VolumeId, ...pick(after, modifiable) });
    }
    await changeTags(context, VolumeId, after.Tags, before.Tags);
    return undefined;
  },
  delete: (context, VolumeId) => ifThere(() => ec2(context, 'DeleteVolume', { VolumeId })),
  read: (context, id) =>
    unlessGone(async () => {
      const live = await found(context, id);
      return pick(
        live,
        [...modifiable, 'AvailabilityZone', 'Encrypted', 'SnapshotId'].filter((each) => isSet(live[each])),
      );
    }),
  adopt: async (_context, identifier) => provided(identifier.VolumeId ?? ''),
};

/** AWS::EC2::VolumeAttachment: known by the volume's and the instance's ids. */
export const volumeAttachment: ResourceProvider = {
  async create(context, properties) {
    await ec2(context, 'AttachVolume', pick(properties, ['VolumeId', 'InstanceId', 'Device']));
    return { physicalId: `${properties.VolumeId}|${properties.InstanceId}` };
  },
  delete: (context, _id, { VolumeId, InstanceId }) =>
    ifThere(async () => {
      const { Attachments } = await found(context, String(VolumeId));
      // An instance that has ended has let the volume go.
      if (Array.isArray(Attachments) && Attachments.length > 0) {
        await ec2(context, 'DetachVolume', { VolumeId, InstanceId });
      }
    }),
  read: (context, _id, { VolumeId, InstanceId }) =>
    unlessGone(async () => {
      const attachment = first(await found(context, String(VolumeId)), 'Attachments');
      return attachment.InstanceId === InstanceId ? pick(attachment, ['VolumeId', 'InstanceId', 'Device']) : undefined;
    }),
  adopt: async (_context, { VolumeId, InstanceId }) => ({ physicalId: `${VolumeId}|${InstanceId}` }),
};
