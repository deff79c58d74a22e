import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, pick } from '../values';
import { type Direction, permissionOf } from './permission';
import { ec2, first, known, unlessGone } from './shared';

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeSecurityGroupRules', { SecurityGroupRuleIds: [id] }), 'SecurityGroupRules');
}

function provided(id: string): ProvidedResource {
  return { physicalId: id, attributes: { Id: id } };
}

function liveOf(rule: ValueMap, direction: Direction): ValueMap {
  const target = direction === 'Ingress' ? 'Source' : 'Destination';
  const peer = rule.ReferencedGroupInfo as ValueMap | undefined;
  return known({
    ...pick(rule, ['GroupId', 'IpProtocol', 'FromPort', 'ToPort', 'Description', 'CidrIpv6']),
    CidrIp: rule.CidrIpv4,
    [`${target}PrefixListId`]: rule.PrefixListId,
    [`${target}SecurityGroupId`]: peer?.GroupId,
  });
}

/** AWS::EC2::SecurityGroupIngress and …Egress: one rule of a group, known by the rule's id. */
export function securityGroupRule(direction: Direction): ResourceProvider {
  return {
    async create(context, properties) {
      const answer = await ec2(context, `AuthorizeSecurityGroup${direction}`, {
        ...pick(properties, ['GroupId', 'GroupName']),
        IpPermissions: [permissionOf(properties)],
      });
      return provided(String(first(answer, 'SecurityGroupRules').SecurityGroupRuleId));
    },
    async update(context, SecurityGroupRuleId, after, before) {
      if (differs(before, after, ['Description'])) {
        const { GroupId } = await found(context, SecurityGroupRuleId);
        const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId, Description: after.Description }];
        const operation = `UpdateSecurityGroupRuleDescriptions${direction}`;
        await ec2(context, operation, { GroupId, SecurityGroupRuleDescriptions });
      }
      return undefined;
    },
    delete: (context, id) =>
      ifThere(async () => {
        const { GroupId } = await found(context, id);
        return ec2(context, `RevokeSecurityGroup${direction}`, { GroupId, SecurityGroupRuleIds: [id] });
      }),
    read: (context, id) => unlessGone(async () => liveOf(await found(context, id), direction)),
    adopt: async (_context, identifier) => provided(identifier.Id ?? ''),
  };
}
