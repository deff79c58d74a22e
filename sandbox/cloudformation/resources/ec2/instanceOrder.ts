import { isMap, type Value, type ValueMap } from '../../template/model';
import type { ResourceContext } from '../provider';
import { maps, pick } from '../values';
import { known, tagSpecifications } from './shared';

/** Properties that `RunInstances` takes as they are. */
const same = [
  'AdditionalInfo',
  'CpuOptions',
  'DisableApiTermination',
  'EbsOptimized',
  'EnclaveOptions',
  'HibernationOptions',
  'ImageId',
  'InstanceInitiatedShutdownBehavior',
  'InstanceType',
  'Ipv6AddressCount',
  'Ipv6Addresses',
  'KernelId',
  'KeyName',
  'LaunchTemplate',
  'LicenseSpecifications',
  'MetadataOptions',
  'PrivateDnsNameOptions',
  'PrivateIpAddress',
  'RamdiskId',
  'SecurityGroupIds',
  'SecurityGroups',
  'SubnetId',
  'UserData',
];

const placement = ['AvailabilityZone', 'Affinity', 'HostId', 'HostResourceGroupArn', 'Tenancy'];

function placementOf(properties: ValueMap): ValueMap | undefined {
  const found = known({ ...pick(properties, placement), GroupName: properties.PlacementGroupName });
  return Object.keys(found).length === 0 ? undefined : found;
}

/** A device that the image has and the instance is not to have is an empty text in the API. */
function disk(mapping: ValueMap): ValueMap {
  return isMap(mapping.NoDevice) ? { ...mapping, NoDevice: '' } : mapping;
}

function networkInterface({ GroupSet, DeviceIndex, ...rest }: ValueMap): ValueMap {
  return known({ ...rest, Groups: GroupSet, DeviceIndex: DeviceIndex === undefined ? undefined : Number(DeviceIndex) });
}

function listed(value: Value | undefined, each: (one: ValueMap) => ValueMap): ValueMap[] | undefined {
  return value === undefined ? undefined : maps(value).map(each);
}

/** The request that launches what a template calls an instance. */
export function orderOf(context: ResourceContext, properties: ValueMap): object {
  const { IamInstanceProfile: profile, Monitoring, CreditSpecification: credit } = properties;
  const types = properties.PropagateTagsToVolumeOnCreation === true ? ['instance', 'volume'] : ['instance'];
  return {
    ...pick(properties, same),
    MinCount: 1,
    MaxCount: 1,
    Placement: placementOf(properties),
    IamInstanceProfile: profile === undefined ? undefined : { Name: profile },
    Monitoring: Monitoring === undefined ? undefined : { Enabled: Monitoring },
    CreditSpecification: isMap(credit) ? { CpuCredits: credit.CPUCredits } : undefined,
    BlockDeviceMappings: listed(properties.BlockDeviceMappings, disk),
    NetworkInterfaces: listed(properties.NetworkInterfaces, networkInterface),
    TagSpecifications: tagSpecifications(context, properties.Tags, ...types),
    ClientToken: context.requestToken,
  };
}
