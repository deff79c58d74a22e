import { ServiceError } from '../../core/errors';
import type { Caller, HttpRequest, HttpResponse } from '../../core/service';
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

interface LaunchBody {
  readonly accountId?: string;
  readonly region?: string;
  /** Such as `autoscaling.amazonaws.com`. */
  readonly service?: string;
  /** A `RunInstances` request. */
  readonly request?: Record<string, unknown>;
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** `POST /_ec2/launch`: a service launches instances for an account, as Auto Scaling does. */
export async function launchForService(world: World, request: HttpRequest): Promise<HttpResponse | undefined> {
  if (request.method !== 'POST' || request.path !== '/_ec2/launch') {
    return undefined;
  }
  if (request.headers.origin !== undefined) {
    return json(403, { error: 'Not for browsers.' });
  }
  try {
    const body = JSON.parse(request.body.toString('utf8')) as LaunchBody;
    const { accountId = '', region = 'us-east-1', service = 'autoscaling.amazonaws.com' } = body;
    if (!world.accounts.has(accountId)) {
      return json(404, { error: `There is no account ${accountId}.` });
    }
    const caller = await serviceLinkedRole(world, accountId, service);
    const input = { MinCount: 1, MaxCount: 1, ...body.request };
    const made = await world.call('ec2', 'RunInstances', input, { caller, region, accountId, via: service });
    return json(200, made);
  } catch (error) {
    const code = error instanceof ServiceError ? error.code : 'BadRequest';
    return json(400, { error: code, message: error instanceof Error ? error.message : String(error) });
  }
}
