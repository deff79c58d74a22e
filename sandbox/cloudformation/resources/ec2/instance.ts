import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, maps, orUndo, pick } from '../values';
import { changeInstance } from './instanceChanges';
import { orderOf } from './instanceOrder';
import { changeTags, ec2, first, known, unlessGone } from './shared';

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(first(await ec2(context, 'DescribeInstances', { InstanceIds: [id] }), 'Reservations'), 'Instances');
}

async function provided(context: ResourceContext, id: string): Promise<ProvidedResource> {
  const live = await found(context, id);
  const state = live.State as ValueMap;
  const attributes = {
    InstanceId: id,
    AvailabilityZone: (live.Placement as ValueMap | undefined)?.AvailabilityZone,
    PrivateIp: live.PrivateIpAddress,
    PrivateDnsName: live.PrivateDnsName,
    PublicIp: live.PublicIpAddress ?? '',
    PublicDnsName: live.PublicDnsName ?? '',
    VpcId: live.VpcId,
    'State.Code': String(state.Code),
    'State.Name': state.Name,
  };
  return { physicalId: id, attributes: known(attributes) };
}

async function attach(context: ResourceContext, InstanceId: string, properties: ValueMap): Promise<void> {
  for (const { VolumeId, Device } of maps(properties.Volumes)) {
    await ec2(context, 'AttachVolume', { InstanceId, VolumeId, Device });
  }
}

function liveOf(live: ValueMap): ValueMap {
  const [placement, monitoring] = [live.Placement as ValueMap, live.Monitoring as ValueMap];
  const groups = maps(live.SecurityGroups);
  return known({
    ...pick(live, ['ImageId', 'InstanceType', 'KeyName', 'SubnetId', 'PrivateIpAddress', 'EbsOptimized']),
    ...pick(live, ['SourceDestCheck']),
    AvailabilityZone: placement.AvailabilityZone,
    Tenancy: placement.Tenancy,
    Monitoring: monitoring.State === 'enabled',
    SecurityGroupIds: groups.map((group) => group.GroupId ?? ''),
    SecurityGroups: groups.map((group) => group.GroupName ?? ''),
  });
}

/** AWS::EC2::Instance */
export const instance: ResourceProvider = {
  async create(context, properties) {
    const made = await ec2(context, 'RunInstances', orderOf(context, properties));
    const id = String(first(made, 'Instances').InstanceId);
    return orUndo(
      async () => {
        await changeInstance(context, id, pick(properties, ['SourceDestCheck']), {});
        await attach(context, id, properties);
        return provided(context, id);
      },
      () => ec2(context, 'TerminateInstances', { InstanceIds: [id] }),
    );
  },
  async update(context, id, after, before) {
    await changeInstance(context, id, after, before);
    await changeTags(context, id, after.Tags, before.Tags);
    return provided(context, id);
  },
  delete: (context, id) =>
    ifThere(async () => {
      await ec2(context, 'TerminateInstances', { InstanceIds: [id] });
      // What the instance holds is free once it has ended.
      await found(context, id);
    }),
  read: (context, id) =>
    unlessGone(async () => {
      const live = await found(context, id);
      return (live.State as ValueMap).Name === 'terminated' ? undefined : liveOf(live);
    }),
  adopt: (context, identifier) => provided(context, identifier.InstanceId ?? ''),
  replaces: (before, after) =>
    differs(before, after, [
      'AdditionalInfo',
      'Affinity',
      'BlockDeviceMappings',
      'HostId',
      'KernelId',
      'PrivateDnsNameOptions',
      'RamdiskId',
      'Tenancy',
    ]),
};
