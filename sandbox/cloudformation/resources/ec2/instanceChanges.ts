import type { Value, ValueMap } from '../../template/model';
import type { ResourceContext } from '../provider';
import { differs, isSet, maps } from '../values';
import { ec2, first, known } from './shared';

/** What an attribute is when the template does not say; others keep what they have. */
const defaults: Readonly<Record<string, Value>> = {
  DisableApiTermination: false,
  EbsOptimized: false,
  InstanceInitiatedShutdownBehavior: 'stop',
  SourceDestCheck: true,
};

async function modify(context: ResourceContext, InstanceId: string, member: ValueMap): Promise<void> {
  await ec2(context, 'ModifyInstanceAttribute', { InstanceId, ...member });
}

async function changeProfile(context: ResourceContext, InstanceId: string, name: Value | undefined): Promise<void> {
  const Filters = [{ Name: 'instance-id', Values: [InstanceId] }];
  const answer = await ec2(context, 'DescribeIamInstanceProfileAssociations', { Filters });
  const { AssociationId } = first(answer, 'IamInstanceProfileAssociations');
  const IamInstanceProfile = { Name: name ?? null };
  if (name === undefined) {
    await ec2(context, 'DisassociateIamInstanceProfile', { AssociationId });
  } else if (AssociationId === undefined) {
    await ec2(context, 'AssociateIamInstanceProfile', { InstanceId, IamInstanceProfile });
  } else {
    await ec2(context, 'ReplaceIamInstanceProfileAssociation', { AssociationId, IamInstanceProfile });
  }
}

async function changeVolumes(context: ResourceContext, InstanceId: string, after: ValueMap, before: ValueMap) {
  const ids = (properties: ValueMap) => new Set(maps(properties.Volumes).map(({ VolumeId }) => VolumeId));
  const [wanted, had] = [ids(after), ids(before)];
  for (const { VolumeId } of maps(before.Volumes).filter((one) => !wanted.has(one.VolumeId))) {
    await ec2(context, 'DetachVolume', { InstanceId, VolumeId });
  }
  for (const { VolumeId, Device } of maps(after.Volumes).filter((one) => !had.has(one.VolumeId))) {
    await ec2(context, 'AttachVolume', { InstanceId, VolumeId, Device });
  }
}

/** Attributes that only a stopped instance lets go of: it is stopped and started again. */
async function changeStopped(context: ResourceContext, id: string, after: ValueMap, before: ValueMap) {
  const names = ['InstanceType', 'UserData', 'EbsOptimized'].filter((name) => differs(before, after, [name]));
  if (names.length === 0) {
    return;
  }
  const InstanceIds = [id];
  await ec2(context, 'StopInstances', { InstanceIds });
  const type = after.InstanceType ?? 'm1.small';
  const userData = Buffer.from(String(after.UserData ?? ''), 'base64');
  const members: Readonly<Record<string, object>> = {
    InstanceType: { InstanceType: { Value: type } },
    UserData: { UserData: { Value: userData } },
    EbsOptimized: { EbsOptimized: { Value: after.EbsOptimized ?? false } },
  };
  for (const name of names) {
    await ec2(context, 'ModifyInstanceAttribute', { InstanceId: id, ...members[name] });
  }
  await ec2(context, 'StartInstances', { InstanceIds });
}

/** Changes an instance where it stands. @throws ServiceError in EC2's words */
export async function changeInstance(
  context: ResourceContext,
  id: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  for (const name of ['DisableApiTermination', 'InstanceInitiatedShutdownBehavior', 'SourceDestCheck']) {
    const value = after[name] ?? defaults[name] ?? null;
    if (value !== (before[name] ?? defaults[name])) {
      await modify(context, id, { [name]: { Value: value } });
    }
  }
  if (differs(before, after, ['SecurityGroupIds']) && isSet(after.SecurityGroupIds)) {
    await modify(context, id, { Groups: after.SecurityGroupIds });
  }
  if (differs(before, after, ['Monitoring'])) {
    const operation = after.Monitoring === true ? 'MonitorInstances' : 'UnmonitorInstances';
    await ec2(context, operation, { InstanceIds: [id] });
  }
  if (differs(before, after, ['IamInstanceProfile'])) {
    await changeProfile(context, id, after.IamInstanceProfile);
  }
  if (differs(before, after, ['MetadataOptions'])) {
    const options = known({ InstanceId: id, ...(after.MetadataOptions as ValueMap | undefined) });
    await ec2(context, 'ModifyInstanceMetadataOptions', options);
  }
  await changeVolumes(context, id, after, before);
  await changeStopped(context, id, after, before);
}
