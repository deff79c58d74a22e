import type {
  DescribeInstanceAttributeRequest,
  ModifyInstanceAttributeRequest,
  ModifyInstanceMetadataOptionsRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import { checkGroups, groupNames, interfacesOf } from '../network/interface';
import type { Cell, Operations, Place } from '../state';
import { findInstance } from './find';
import type { Instance } from './model';
import { checkType } from './order';
import { instanceShape } from './shapes';

/** The short form of a request names one attribute and its value. */
function given(input: ModifyInstanceAttributeRequest, name: string, member: { Value?: unknown } | undefined): unknown {
  return input.Attribute === name ? input.Value : member?.Value;
}

function flag(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || String(value).toLowerCase() === 'true';
}

function checkStopped(instance: Instance, attribute: string): void {
  if (instance.state !== 'stopped') {
    const message = `The instance '${instance.id}' is not in the 'stopped' state.`;
    throw ec2Error('IncorrectInstanceState', attribute === '' ? 'Instance must be stopped.' : message);
  }
}

/** The one interface of an instance, for what is said of the instance and meant for it. */
function onlyInterface(cell: Cell, instance: Instance) {
  const interfaces = interfacesOf(cell, instance.id);
  if (interfaces.length > 1) {
    const message = `There are multiple interfaces attached to instance '${instance.id}'. Please specify an interface ID for the operation instead.`;
    throw ec2Error('InvalidInstanceID', message);
  }
  return interfaces[0];
}

function moveGroups(cell: Cell, instance: Instance, groups: readonly string[] | undefined): void {
  if (groups === undefined) {
    return;
  }
  if (instance.state === 'terminated' || instance.state === 'shutting-down') {
    const message = `The instance '${instance.id}' is not in a valid state for this operation.`;
    throw ec2Error('IncorrectInstanceState', message);
  }
  const one = onlyInterface(cell, instance);
  if (groups.length === 0) {
    throw ec2Error('InvalidParameterValue', 'You must specify at least one security group.');
  }
  const checked = checkGroups(cell, groups, { vpcId: instance.vpcId, id: instance.subnetId });
  if (one) {
    one.groupIds = checked;
  }
}

function modifyDisks(cell: Cell, instance: Instance, input: ModifyInstanceAttributeRequest): void {
  for (const { DeviceName, Ebs } of input.BlockDeviceMappings ?? []) {
    const volume = [...cell.volumes.values()].find(
      ({ attachment }) => attachment?.instanceId === instance.id && attachment.device === DeviceName,
    );
    if (!volume?.attachment) {
      const message = `No device is currently mapped at ${DeviceName}`;
      throw ec2Error('InvalidInstanceAttributeValue', message);
    }
    volume.attachment.deleteOnTermination = Ebs?.DeleteOnTermination ?? volume.attachment.deleteOnTermination;
  }
}

const attributeMembers = [
  'BlockDeviceMappings',
  'DisableApiStop',
  'DisableApiTermination',
  'EbsOptimized',
  'Groups',
  'InstanceInitiatedShutdownBehavior',
  'InstanceType',
  'SourceDestCheck',
  'UserData',
] as const;

/** A call changes one attribute. @throws ServiceError `InvalidParameterCombination`, `MissingParameter` */
function checkOne(input: ModifyInstanceAttributeRequest): void {
  const there = attributeMembers.filter((name) => input[name] !== undefined);
  if (there.length > 1) {
    const names = there.map((name) => name.charAt(0).toLowerCase() + name.slice(1)).join(', ');
    throw ec2Error('InvalidParameterCombination', `Fields for multiple attribute types specified: ${names}`);
  }
  if (there.length === 0 && input.Attribute === undefined) {
    throw ec2Error('InvalidParameterCombination', 'No attributes specified.');
  }
}

function modify(input: ModifyInstanceAttributeRequest, { cell }: Place): void {
  const instance = findInstance(cell, input.InstanceId);
  checkOne(input);
  moveGroups(cell, instance, input.Groups);
  modifyDisks(cell, instance, input);
  const type = given(input, 'instanceType', input.InstanceType);
  if (type !== undefined) {
    checkStopped(instance, 'instanceType');
    instance.type = checkType(String(type));
  }
  const userData = input.Attribute === 'userData' ? input.Value : input.UserData?.Value;
  if (userData !== undefined) {
    checkStopped(instance, 'userData');
    instance.userData = typeof userData === 'string' ? userData : Buffer.from(userData).toString('base64');
  }
  const check = flag(given(input, 'sourceDestCheck', input.SourceDestCheck));
  const one = check === undefined ? undefined : onlyInterface(cell, instance);
  if (one && check !== undefined) {
    one.sourceDestCheck = check;
  }
  instance.terminationProtected =
    flag(given(input, 'disableApiTermination', input.DisableApiTermination)) ?? instance.terminationProtected;
  instance.stopProtected = flag(given(input, 'disableApiStop', input.DisableApiStop)) ?? instance.stopProtected;
  instance.ebsOptimized = flag(given(input, 'ebsOptimized', input.EbsOptimized)) ?? instance.ebsOptimized;
  const behavior = given(input, 'instanceInitiatedShutdownBehavior', input.InstanceInitiatedShutdownBehavior);
  instance.shutdownBehavior = behavior === undefined ? instance.shutdownBehavior : String(behavior);
}

function attributesOf(instance: Instance, cell: Cell): Readonly<Record<string, Record<string, unknown>>> {
  const [first] = interfacesOf(cell, instance.id);
  return {
    instanceType: { InstanceType: { Value: instance.type } },
    kernel: { KernelId: {} },
    ramdisk: { RamdiskId: {} },
    userData: { UserData: { Value: instance.userData } },
    disableApiTermination: { DisableApiTermination: { Value: instance.terminationProtected } },
    disableApiStop: { DisableApiStop: { Value: instance.stopProtected } },
    instanceInitiatedShutdownBehavior: { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } },
    rootDeviceName: { RootDeviceName: { Value: instance.rootDeviceName } },
    blockDeviceMapping: { BlockDeviceMappings: instanceShape(instance, cell).BlockDeviceMappings },
    productCodes: { ProductCodes: [] },
    sourceDestCheck: { SourceDestCheck: { Value: first?.sourceDestCheck ?? true } },
    groupSet: { Groups: groupNames(cell, first?.groupIds ?? []) },
    ebsOptimized: { EbsOptimized: { Value: instance.ebsOptimized } },
    sriovNetSupport: { SriovNetSupport: { Value: 'simple' } },
    enaSupport: { EnaSupport: { Value: true } },
    enclaveOptions: { EnclaveOptions: { Enabled: false } },
  };
}

function describe(input: DescribeInstanceAttributeRequest, { cell }: Place) {
  const instance = findInstance(cell, input.InstanceId);
  const found = attributesOf(instance, cell)[input.Attribute ?? ''];
  if (!found) {
    const message = `Value (${input.Attribute}) for parameter attribute is invalid. Unknown attribute.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  return { InstanceId: instance.id, ...found };
}

function modifyMetadata(input: ModifyInstanceMetadataOptionsRequest, { cell }: Place) {
  const instance = findInstance(cell, input.InstanceId);
  const { HttpTokens, HttpPutResponseHopLimit, HttpEndpoint, HttpProtocolIpv6, InstanceMetadataTags } = input;
  const wanted = { HttpTokens, HttpPutResponseHopLimit, HttpEndpoint, HttpProtocolIpv6, InstanceMetadataTags };
  const changes = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  instance.metadata = { ...instance.metadata, ...Object.fromEntries(changes) };
  return {
    InstanceId: instance.id,
    InstanceMetadataOptions: { State: 'pending', ...instance.metadata },
  };
}

export const instanceAttributes: Operations = {
  ModifyInstanceAttribute: modify,
  DescribeInstanceAttribute: describe,
  ModifyInstanceMetadataOptions: modifyMetadata,
};
