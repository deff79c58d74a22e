import type { DescribeInstanceStatusRequest, DescribeInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { groupNames, interfacesOf, privateName, publicName } from '../network/interface';
import type { Cell, NetworkInterface, Operations, Place } from '../state';
import { findInstances } from './find';
import { type Instance, stateCodes, stateShape } from './model';
import { reservationsOf } from './shapes';
import { forget } from './transitions';

const machineFields: FilterFields<Instance> = {
  architecture: (instance) => instance.architecture,
  hypervisor: () => 'xen',
  platform: (instance) => (instance.windows ? 'windows' : undefined),
  'platform-details': (instance) => instance.platformDetails,
  'root-device-name': (instance) => instance.rootDeviceName,
  'root-device-type': () => 'ebs',
  'virtualization-type': (instance) => instance.virtualization,
};

function plainFields(cell: Cell): FilterFields<Instance> {
  const { region } = cell.site;
  return {
    'availability-zone': (instance) => instance.zone,
    'client-token': (instance) => instance.clientToken,
    'dns-name': (one) => publicName(one.publicAddress, region, cell.vpcs.get(one.vpcId)) || undefined,
    'iam-instance-profile.arn': (instance) => instance.profile?.arn,
    'iam-instance-profile.id': (instance) => instance.profile?.id,
    'image-id': (instance) => instance.imageId,
    'instance-id': (instance) => instance.id,
    'instance-lifecycle': (instance) => instance.lifecycle,
    'instance-state-code': (instance) => stateCodes[instance.state],
    'instance-state-name': (instance) => instance.state,
    'instance-type': (instance) => instance.type,
    'ip-address': (instance) => instance.publicAddress,
    'key-name': (instance) => instance.keyName,
    'launch-index': (instance) => instance.launchIndex,
    'launch-time': (instance) => instance.launchedAt.toISOString(),
    'metadata-options.http-tokens': (instance) => instance.metadata.HttpTokens,
    'metadata-options.http-endpoint': (instance) => instance.metadata.HttpEndpoint,
    'monitoring-state': (instance) => (instance.monitoring ? 'enabled' : 'disabled'),
    'owner-id': () => cell.site.accountId,
    'private-dns-name': (instance) => privateName(instance.address, region),
    'private-ip-address': (instance) => instance.address,
    reason: (instance) => instance.transitionReason,
    'requester-id': (instance) => instance.requesterId,
    'reservation-id': (instance) => instance.reservationId,
    'state-reason-code': (instance) => instance.stateReason?.Code,
    'state-reason-message': (instance) => instance.stateReason?.Message,
    'subnet-id': (instance) => instance.subnetId,
    tenancy: (instance) => instance.tenancy,
    'vpc-id': (instance) => instance.vpcId,
  };
}

function fieldsIn(cell: Cell): FilterFields<Instance> {
  const interfaces = (instance: Instance) => interfacesOf(cell, instance.id);
  const ofInterfaces = (read: (one: NetworkInterface) => string | boolean | undefined) => (instance: Instance) =>
    interfaces(instance).map(read);
  const groups = (instance: Instance) => interfaces(instance).flatMap((one) => one.groupIds);
  const names = (instance: Instance) => groupNames(cell, groups(instance)).map(({ GroupName }) => GroupName);
  const volumes = (instance: Instance) =>
    [...cell.volumes.values()].filter((volume) => volume.attachment?.instanceId === instance.id);
  return {
    ...machineFields,
    ...plainFields(cell),
    'block-device-mapping.delete-on-termination': (one) =>
      volumes(one).map((volume) => volume.attachment?.deleteOnTermination),
    'block-device-mapping.device-name': (one) => volumes(one).map((volume) => volume.attachment?.device),
    'block-device-mapping.volume-id': (one) => volumes(one).map((volume) => volume.id),
    'group-id': groups,
    'group-name': names,
    'instance.group-id': groups,
    'instance.group-name': names,
    'network-interface.availability-zone': ofInterfaces((one) => one.zone),
    'network-interface.description': ofInterfaces((one) => one.description),
    'network-interface.group-id': groups,
    'network-interface.group-name': names,
    'network-interface.mac-address': ofInterfaces((one) => one.mac),
    'network-interface.network-interface-id': ofInterfaces((one) => one.id),
    'network-interface.addresses.private-ip-address': ofInterfaces((one) => one.address),
    'network-interface.private-dns-name': ofInterfaces((one) => privateName(one.address, cell.site.region)),
    'network-interface.subnet-id': ofInterfaces((one) => one.subnetId),
    'network-interface.vpc-id': ofInterfaces((one) => one.vpcId),
    'source-dest-check': ofInterfaces((one) => one.sourceDestCheck),
  };
}

function describeInstances(input: DescribeInstancesRequest, { cell, ec2 }: Place) {
  const ids = input.InstanceIds ?? [];
  if (ids.length > 0 && input.MaxResults !== undefined) {
    const message = 'The parameter instancesSet cannot be used with the parameter maxResults';
    throw ec2Error('InvalidParameterCombination', message);
  }
  forget(ec2, cell);
  const all = ids.length > 0 ? findInstances(cell, ids) : cell.instances.values();
  const found = filtered(all, input.Filters, fieldsIn(cell), (instance) => instance.tags);
  const page = pageOf(found, input);
  return { Reservations: reservationsOf(page.items, cell), NextToken: page.NextToken };
}

function statusShape(instance: Instance) {
  const running = instance.state === 'running';
  const Status = running ? 'ok' : 'not-applicable';
  const Details = running ? [{ Name: 'reachability', Status: 'passed' }] : undefined;
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.zone,
    InstanceState: stateShape(instance.state),
    InstanceStatus: { Status, Details },
    SystemStatus: { Status, Details },
    AttachedEbsStatus: { Status, Details },
    Operator: { Managed: false },
  };
}

const statusFields: FilterFields<Instance> = {
  'availability-zone': (instance) => instance.zone,
  'instance-state-code': (instance) => stateCodes[instance.state],
  'instance-state-name': (instance) => instance.state,
  'instance-status.status': (instance) => statusShape(instance).InstanceStatus.Status,
  'instance-status.reachability': (instance) => (instance.state === 'running' ? 'passed' : undefined),
  'system-status.status': (instance) => statusShape(instance).SystemStatus.Status,
  'system-status.reachability': (instance) => (instance.state === 'running' ? 'passed' : undefined),
};

function describeStatus(input: DescribeInstanceStatusRequest, { cell }: Place) {
  const ids = input.InstanceIds ?? [];
  const all = ids.length > 0 ? findInstances(cell, ids) : [...cell.instances.values()];
  const shown = all.filter(({ state }) => input.IncludeAllInstances || state === 'running');
  const page = pageOf(filtered(shown, input.Filters, statusFields), input);
  return { InstanceStatuses: page.items.map(statusShape), NextToken: page.NextToken };
}

export const instanceQueries: Operations = {
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeStatus,
};
