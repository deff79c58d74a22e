import type { Value, ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { maps, orUndo, pick, text } from '../values';
import { type Direction, openOutward, permissionOf, rulesOf, wantedRules } from './permission';
import { changeTags, ec2, first, known, tagSpecifications, unlessGone } from './shared';

const directions: readonly Direction[] = ['Ingress', 'Egress'];

/** Brings the rules of one direction from one list to another; those that stay are not touched. */
async function changeRules(
  context: ResourceContext,
  GroupId: string,
  direction: Direction,
  [after, before]: readonly [readonly ValueMap[], readonly ValueMap[]],
): Promise<void> {
  const keyed = (rules: readonly ValueMap[]) =>
    new Map(rules.map(permissionOf).map((one) => [JSON.stringify(one), one]));
  const [wanted, had] = [keyed(after), keyed(before)];
  const gone = [...had].filter(([key]) => !wanted.has(key)).map(([, one]) => one);
  const fresh = [...wanted].filter(([key]) => !had.has(key)).map(([, one]) => one);
  if (gone.length > 0) {
    await ec2(context, `RevokeSecurityGroup${direction}`, { GroupId, IpPermissions: gone });
  }
  if (fresh.length > 0) {
    await ec2(context, `AuthorizeSecurityGroup${direction}`, { GroupId, IpPermissions: fresh });
  }
}

/** The group's name stands for it only where no VPC is named. */
function named(physicalId: string): { GroupIds: string[] } | { GroupNames: string[] } {
  return physicalId.startsWith('sg-') ? { GroupIds: [physicalId] } : { GroupNames: [physicalId] };
}

async function found(context: ResourceContext, physicalId: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeSecurityGroups', named(physicalId)), 'SecurityGroups');
}

function provided(physicalId: string, group: ValueMap): ProvidedResource {
  return { physicalId, attributes: known({ Id: physicalId, ...pick(group, ['GroupId', 'GroupName', 'VpcId']) }) };
}

async function create(context: ResourceContext, properties: ValueMap): Promise<ProvidedResource> {
  const GroupName = text(properties.GroupName) ?? context.generateName(255);
  const { GroupId } = await ec2(context, 'CreateSecurityGroup', {
    GroupName,
    Description: properties.GroupDescription,
    VpcId: properties.VpcId,
    TagSpecifications: tagSpecifications(context, properties.Tags, 'security-group'),
  });
  const id = String(GroupId);
  return orUndo(
    async () => {
      await changeRules(context, id, 'Ingress', [wantedRules(properties, 'Ingress'), []]);
      await changeRules(context, id, 'Egress', [wantedRules(properties, 'Egress'), [openOutward]]);
      return provided(properties.VpcId === undefined ? GroupName : id, await found(context, id));
    },
    () => ec2(context, 'DeleteSecurityGroup', { GroupId: id }),
  );
}

/** Rules that name a group by its name cannot be compared: EC2 tells ids alone. */
function liveRules(properties: ValueMap, group: ValueMap, direction: Direction): Value | undefined {
  const member = direction === 'Ingress' ? 'IpPermissions' : 'IpPermissionsEgress';
  const byName = wantedRules(properties, direction).some((rule) => rule.SourceSecurityGroupName !== undefined);
  return byName ? undefined : rulesOf(maps(group[member]), direction);
}

/** AWS::EC2::SecurityGroup */
export const securityGroup: ResourceProvider = {
  create,
  async update(context, physicalId, after, before) {
    const group = await found(context, physicalId);
    const id = String(group.GroupId);
    for (const direction of directions) {
      const lists = [wantedRules(after, direction), wantedRules(before, direction)] as const;
      await changeRules(context, id, direction, lists);
    }
    await changeTags(context, id, after.Tags, before.Tags);
    return provided(physicalId, group);
  },
  delete: (context, physicalId) =>
    ifThere(async () => {
      const { GroupId } = await found(context, physicalId);
      return ec2(context, 'DeleteSecurityGroup', { GroupId });
    }),
  read: (context, physicalId, properties) =>
    unlessGone(async () => {
      const group = await found(context, physicalId);
      return known({
        GroupName: group.GroupName,
        GroupDescription: group.Description,
        VpcId: group.VpcId,
        SecurityGroupIngress: liveRules(properties, group, 'Ingress'),
        SecurityGroupEgress: liveRules(properties, group, 'Egress'),
      });
    }),
  async adopt(context, identifier) {
    const id = identifier.Id ?? '';
    return provided(id, await found(context, id));
  },
};
