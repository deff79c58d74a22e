import { anyImage } from './images/access';
import { isPublic } from './images/model';
import type { Cell, Ec2 } from './state';

/** A member of an input that names resources. */
export interface Named {
  /** Dotted: lists on the way are walked through. */
  readonly member: string;
  /** Type in ARNs; told by the id unless given. */
  readonly type?: string;
  /** Condition keys of their own. */
  readonly keys?: (ec2: Ec2, cell: Cell, id: string) => Record<string, string>;
}

interface Action {
  readonly on: readonly Named[];
  /** Types of what the call makes. */
  readonly makes?: readonly string[];
}

const member = (name: string, type?: string): Named => ({ member: name, type });

/** What policies can ask about an image. */
function imageKeys(ec2: Ec2, cell: Cell, id: string): Record<string, string> {
  const image = anyImage(ec2, cell, id);
  return {
    'ec2:ImageID': id,
    'ec2:ImageType': 'machine',
    'ec2:RootDeviceType': 'ebs',
    ...(image
      ? {
          // The alias hides the account; the resource's account is told all the same.
          'ec2:Owner': image.ownerAlias ?? image.ownerId,
          'aws:ResourceAccount': image.ownerId,
          'ec2:Public': String(isPublic(image)),
        }
      : {}),
  };
}

const image: Named = { member: 'ImageId', type: 'image', keys: imageKeys };
const group = member('GroupId', 'security-group');
const vpc = member('VpcId', 'vpc');
const subnet = member('SubnetId', 'subnet');
const instance = member('InstanceId', 'instance');
const instances: Action = { on: [member('InstanceIds', 'instance')] };
const volume = member('VolumeId', 'volume');
const snapshot = member('SnapshotId', 'snapshot');
const prefixList: Action = { on: [member('PrefixListId', 'prefix-list')] };
const networkInterface = member('NetworkInterfaceId', 'network-interface');
const template = member('LaunchTemplateId', 'launch-template');
const groupRules: Action = { on: [group] };

const network: Readonly<Record<string, Action>> = {
  CreateVpc: { on: [], makes: ['vpc'] },
  DeleteVpc: { on: [vpc] },
  ModifyVpcAttribute: { on: [vpc] },
  DescribeVpcAttribute: { on: [vpc] },
  CreateSubnet: { on: [vpc], makes: ['subnet'] },
  DeleteSubnet: { on: [subnet] },
  ModifySubnetAttribute: { on: [subnet] },
  CreateManagedPrefixList: { on: [], makes: ['prefix-list'] },
  ModifyManagedPrefixList: prefixList,
  RestoreManagedPrefixListVersion: prefixList,
  DeleteManagedPrefixList: prefixList,
  GetManagedPrefixListEntries: prefixList,
  GetManagedPrefixListAssociations: prefixList,
  CreateNetworkInterface: {
    on: [subnet, member('Groups', 'security-group')],
    makes: ['network-interface'],
  },
  DeleteNetworkInterface: { on: [networkInterface] },
  AttachNetworkInterface: { on: [networkInterface, instance] },
  ModifyNetworkInterfaceAttribute: { on: [networkInterface, member('Groups', 'security-group')] },
};

const securityGroups: Readonly<Record<string, Action>> = {
  CreateSecurityGroup: { on: [vpc], makes: ['security-group'] },
  DeleteSecurityGroup: groupRules,
  AuthorizeSecurityGroupIngress: groupRules,
  AuthorizeSecurityGroupEgress: groupRules,
  RevokeSecurityGroupIngress: groupRules,
  RevokeSecurityGroupEgress: groupRules,
  UpdateSecurityGroupRuleDescriptionsIngress: groupRules,
  UpdateSecurityGroupRuleDescriptionsEgress: groupRules,
  ModifySecurityGroupRules: {
    on: [group, member('SecurityGroupRules.SecurityGroupRuleId', 'security-group-rule')],
  },
};

const images: Readonly<Record<string, Action>> = {
  RegisterImage: { on: [member('BlockDeviceMappings.Ebs.SnapshotId', 'snapshot')], makes: ['image'] },
  CreateImage: { on: [instance], makes: ['image', 'snapshot'] },
  CopyImage: { on: [], makes: ['image', 'snapshot'] },
  DeregisterImage: { on: [image] },
  ModifyImageAttribute: { on: [image] },
  ResetImageAttribute: { on: [image] },
  EnableImageDeprecation: { on: [image] },
  DisableImageDeprecation: { on: [image] },
};

const computing: Readonly<Record<string, Action>> = {
  RunInstances: {
    on: [
      image,
      subnet,
      member('SecurityGroupIds', 'security-group'),
      member('NetworkInterfaces.SubnetId', 'subnet'),
      member('NetworkInterfaces.Groups', 'security-group'),
      member('NetworkInterfaces.NetworkInterfaceId', 'network-interface'),
      member('KeyName', 'key-pair'),
      member('LaunchTemplate.LaunchTemplateId', 'launch-template'),
    ],
    makes: ['instance', 'volume', 'network-interface'],
  },
  StartInstances: instances,
  StopInstances: instances,
  RebootInstances: instances,
  TerminateInstances: instances,
  ModifyInstanceAttribute: { on: [instance, member('Groups', 'security-group')] },
  ModifyInstanceMetadataOptions: { on: [instance] },
  AssociateIamInstanceProfile: { on: [instance] },
  CreateLaunchTemplate: { on: [], makes: ['launch-template'] },
  CreateLaunchTemplateVersion: { on: [template] },
  ModifyLaunchTemplate: { on: [template] },
  DeleteLaunchTemplate: { on: [template] },
  CreateFleet: {
    on: [member('LaunchTemplateConfigs.LaunchTemplateSpecification.LaunchTemplateId', 'launch-template')],
    makes: ['fleet'],
  },
  DeleteFleets: { on: [member('FleetIds', 'fleet')] },
  CreateKeyPair: { on: [], makes: ['key-pair'] },
  ImportKeyPair: { on: [], makes: ['key-pair'] },
  DeleteKeyPair: { on: [member('KeyName', 'key-pair'), member('KeyPairId', 'key-pair')] },
};

const storage: Readonly<Record<string, Action>> = {
  CreateVolume: { on: [snapshot], makes: ['volume'] },
  DeleteVolume: { on: [volume] },
  AttachVolume: { on: [volume, instance] },
  DetachVolume: { on: [volume, instance] },
  CreateSnapshot: { on: [volume], makes: ['snapshot'] },
  CreateSnapshots: { on: [member('InstanceSpecification.InstanceId', 'instance')], makes: ['snapshot'] },
  CopySnapshot: { on: [], makes: ['snapshot'] },
  DeleteSnapshot: { on: [snapshot] },
  ModifySnapshotAttribute: { on: [snapshot] },
};

/** Operations whose permission can be narrowed to resources; all others are asked about `*`. */
export const actions: Readonly<Record<string, Action>> = {
  CreateTags: { on: [member('Resources')] },
  DeleteTags: { on: [member('Resources')] },
  ...network,
  ...securityGroups,
  ...images,
  ...computing,
  ...storage,
};
