import type { Json, Step } from '../plan';
import { from } from '../plan';

/** The group that lets nothing through, one for each VPC. */
export const closedGroupName = 'garrison-closed';

/** The closed group of a VPC as it stands. */
export interface ClosedGroup {
  readonly id: string;
  /** Ids of rules that somebody has put into it. */
  readonly ingress: readonly string[];
  readonly egress: readonly string[];
}

/** Steps after which a closed group stands in the VPC, and how later steps call it. */
export function closedGroup(
  vpcId: string,
  region: string,
  standing: ClosedGroup | undefined,
): { readonly id: Json; readonly steps: readonly Step[] } {
  if (standing) {
    return { id: standing.id, steps: emptied(standing, region) };
  }
  const saved = `closed ${vpcId}`;
  const id = from(saved, ['SecurityGroups', 0, 'GroupId']);
  const call = { service: 'ec2', region } as const;
  const closing = (ranges: Json, family: string): Step => ({
    ...call,
    operation: 'RevokeSecurityGroupEgress',
    does: `lets nothing out of it (${family})`,
    input: { GroupId: id, IpPermissions: [{ IpProtocol: '-1', ...(ranges as object) }] },
    settles: ['InvalidPermission.NotFound'],
  });
  return {
    id,
    steps: [
      {
        ...call,
        operation: 'CreateSecurityGroup',
        does: `makes the closed group ${closedGroupName} in ${vpcId}`,
        input: {
          GroupName: closedGroupName,
          Description: 'Garrison: lets nothing in and nothing out',
          VpcId: vpcId,
          TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'garrison', Value: 'closed' }] }],
        },
        settles: ['InvalidGroup.Duplicate'],
      },
      {
        ...call,
        operation: 'DescribeSecurityGroups',
        does: 'finds it',
        input: {
          Filters: [
            { Name: 'group-name', Values: [closedGroupName] },
            { Name: 'vpc-id', Values: [vpcId] },
          ],
        },
        reads: true,
        save: saved,
      },
      closing({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }, 'IPv4'),
      closing({ Ipv6Ranges: [{ CidrIpv6: '::/0' }] }, 'IPv6'),
    ],
  };
}

function emptied({ id, ingress, egress }: ClosedGroup, region: string): Step[] {
  const revoke = (operation: string, rules: readonly string[]): Step[] =>
    rules.length === 0
      ? []
      : [
          {
            service: 'ec2',
            region,
            operation,
            does: `closes ${closedGroupName} again, into which somebody put ${rules.join(', ')}`,
            input: { GroupId: id, SecurityGroupRuleIds: rules },
            stale: ['InvalidSecurityGroupRuleId.NotFound'],
          },
        ];
  return [...revoke('RevokeSecurityGroupIngress', ingress), ...revoke('RevokeSecurityGroupEgress', egress)];
}

/** A network interface and its groups. */
export interface Interface {
  readonly id: string;
  readonly groups: readonly string[];
  /** The AWS service that runs it, which alone may change it. */
  readonly managedBy?: string;
}

/** Gives a network interface other groups. To be taken back only while it still has those. */
export function moveInterface(
  { id, groups }: Interface,
  to: readonly Json[],
  region: string,
  back: readonly Json[] = groups,
): Step {
  const call = { service: 'ec2', region } as const;
  const guard = {
    call: { ...call, operation: 'DescribeNetworkInterfaces', input: { NetworkInterfaceIds: [id] } },
    path: ['NetworkInterfaces', 0, 'Groups', '*', 'GroupId'],
    is: to,
  };
  const change = (Groups: readonly Json[]) => ({
    ...call,
    operation: 'ModifyNetworkInterfaceAttribute',
    input: { NetworkInterfaceId: id, Groups },
    settles: ['InvalidNetworkInterfaceID.NotFound'],
  });
  return {
    ...change(to),
    does: `moves the network interface ${id} to the closed group`,
    goOn: true,
    undo: [{ ...change(back), does: `gives the network interface ${id} its groups back`, guard, goOn: true }],
  };
}
