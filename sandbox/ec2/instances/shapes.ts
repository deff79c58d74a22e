import { tagList } from '../../common/tags';
import { commonShape, groupNames, interfacesOf, privateName, publicName } from '../network/interface';
import type { Cell, NetworkInterface } from '../state';
import { type Instance, stateShape } from './model';

function interfaceShape(one: NetworkInterface, cell: Cell) {
  const { attachment } = one;
  return {
    ...commonShape(one, cell),
    Attachment: attachment && {
      AttachmentId: attachment.id,
      AttachTime: attachment.attachedAt,
      DeleteOnTermination: attachment.deleteOnTermination,
      DeviceIndex: attachment.deviceIndex,
      NetworkCardIndex: 0,
      Status: 'attached',
    },
  };
}

function diskShapes(instance: Instance, cell: Cell) {
  return [...cell.volumes.values()].flatMap((volume) => {
    const { attachment } = volume;
    return attachment?.instanceId === instance.id
      ? [
          {
            DeviceName: attachment.device,
            Ebs: {
              AttachTime: attachment.attachedAt,
              DeleteOnTermination: attachment.deleteOnTermination,
              Status: 'attached',
              VolumeId: volume.id,
            },
          },
        ]
      : [];
  });
}

/** Where the instance is reached; nothing of it is left once it has ended. */
function network(instance: Instance, cell: Cell) {
  const { region } = cell.site;
  if (instance.state === 'terminated') {
    return { PrivateDnsName: '', PublicDnsName: '', NetworkInterfaces: [], SecurityGroups: [] };
  }
  const interfaces = interfacesOf(cell, instance.id);
  const vpc = cell.vpcs.get(instance.vpcId);
  return {
    SubnetId: instance.subnetId,
    VpcId: instance.vpcId,
    PrivateIpAddress: instance.address,
    PrivateDnsName: privateName(instance.address, region),
    PublicIpAddress: instance.publicAddress,
    PublicDnsName: publicName(instance.publicAddress, region, vpc),
    SourceDestCheck: interfaces[0]?.sourceDestCheck ?? true,
    NetworkInterfaces: interfaces.map((one) => interfaceShape(one, cell)),
    SecurityGroups: groupNames(cell, interfaces[0]?.groupIds ?? []),
  };
}

/** What every instance here has. */
const always = {
  CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
  CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
  EnclaveOptions: { Enabled: false },
  PrivateDnsNameOptions: {
    HostnameType: 'ip-name',
    EnableResourceNameDnsARecord: false,
    EnableResourceNameDnsAAAARecord: false,
  },
  MaintenanceOptions: { AutoRecovery: 'default', RebootMigration: 'default' },
  CurrentInstanceBootMode: 'legacy-bios',
  NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
  Operator: { Managed: false },
};

/** An instance as `RunInstances` and `DescribeInstances` tell it. */
export function instanceShape(instance: Instance, cell: Cell) {
  const { profile, stateReason } = instance;
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    State: stateShape(instance.state),
    StateTransitionReason: instance.transitionReason,
    StateReason: stateReason,
    AmiLaunchIndex: instance.launchIndex,
    InstanceType: instance.type,
    KeyName: instance.keyName,
    LaunchTime: instance.launchedAt,
    UsageOperationUpdateTime: instance.launchedAt,
    Placement: { GroupName: '', ...instance.placement, AvailabilityZone: instance.zone, Tenancy: instance.tenancy },
    Platform: instance.windows ? 'windows' : undefined,
    PlatformDetails: instance.platformDetails,
    UsageOperation: instance.windows ? 'RunInstances:0002' : 'RunInstances',
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    ProductCodes: [],
    Architecture: instance.architecture,
    VirtualizationType: instance.virtualization,
    Hypervisor: 'xen',
    EnaSupport: true,
    EbsOptimized: instance.ebsOptimized,
    RootDeviceName: instance.rootDeviceName,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: diskShapes(instance, cell),
    ClientToken: instance.clientToken ?? '',
    InstanceLifecycle: instance.lifecycle,
    IamInstanceProfile: profile && { Arn: profile.arn, Id: profile.id },
    ...network(instance, cell),
    HibernationOptions: { Configured: instance.hibernation },
    MetadataOptions: { State: instance.state === 'pending' ? 'pending' : 'applied', ...instance.metadata },
    ...always,
    Tags: instance.tags.size > 0 ? tagList(instance.tags) : undefined,
  };
}

/** Instances by the reservation with which they came. */
export function reservationsOf(instances: readonly Instance[], cell: Cell) {
  const byId = new Map<string, Instance[]>();
  for (const instance of instances) {
    byId.set(instance.reservationId, [...(byId.get(instance.reservationId) ?? []), instance]);
  }
  return [...byId].map(([ReservationId, members]) => ({
    ReservationId,
    OwnerId: cell.site.accountId,
    RequesterId: members[0]?.requesterId,
    Groups: [],
    Instances: members.map((instance) => instanceShape(instance, cell)),
  }));
}
