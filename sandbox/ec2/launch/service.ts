import { ServiceError } from '../../core/errors';
import type { Caller } from '../../core/service';
import type { World } from '../../core/world';

/** Service-linked roles of the services that launch instances for others, and the names of their sessions. */
const linked: Readonly<Record<string, { role: string; session: string }>> = {
  'autoscaling.amazonaws.com': { role: 'AWSServiceRoleForAutoScaling', session: 'AutoScaling' },
  'ec2fleet.amazonaws.com': { role: 'AWSServiceRoleForEC2Fleet', session: 'FleetSession' },
  'spot.amazonaws.com': { role: 'AWSServiceRoleForEC2Spot', session: 'InstanceLaunch' },
  'eks-nodegroup.amazonaws.com': { role: 'AWSServiceRoleForAmazonEKSNodegroup', session: 'EKS' },
};

interface RoleAnswer {
  readonly Role: { readonly Arn: string; readonly RoleId: string };
}

/**
 * The session of a service's own role in an account; the role is made if it is not there, as the service would.
 *
 * @throws ServiceError `NotImplemented` for a service that launches nothing
 */
export async function serviceLinkedRole(world: World, accountId: string, principal: string): Promise<Caller> {
  const known = linked[principal];
  if (!known) {
    throw new ServiceError(
      'NotImplemented',
      `The local organization has no ${principal} that launches instances.`,
      501,
    );
  }
  const arn = `arn:${world.partition}:iam::${accountId}:root`;
  const root: Caller = { kind: 'root', accountId, arn, userId: accountId };
  const as = { caller: root, region: 'us-east-1' };
  const create = () => world.call<RoleAnswer>('iam', 'CreateServiceLinkedRole', { AWSServiceName: principal }, as);
  const find = () => world.call<RoleAnswer>('iam', 'GetRole', { RoleName: known.role }, as);
  const { Role } = await find().catch(create);
  return {
    kind: 'assumed-role',
    accountId,
    arn: `arn:${world.partition}:sts::${accountId}:assumed-role/${known.role}/${known.session}`,
    userId: `${Role.RoleId}:${known.session}`,
    roleArn: Role.Arn,
    sessionName: known.session,
  };
}
