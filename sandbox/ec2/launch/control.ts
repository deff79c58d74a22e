import { ServiceError } from '../../core/errors';
import type { HttpRequest, HttpResponse } from '../../core/service';
import { addInterface, checkGroups, defaultGroupId } from '../network/interface';
import { findSubnet } from '../network/subnets';
import type { Cell, Ec2 } from '../state';

interface Body {
  readonly accountId?: string;
  readonly region?: string;
  /** Such as `autoscaling.amazonaws.com`. */
  readonly service?: string;
  /** A `RunInstances` or `CreateNetworkInterface` request. */
  readonly request?: Record<string, unknown>;
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Instances that a service launches with its own role, as Auto Scaling does. */
async function launch(ec2: Ec2, { site }: Cell, { service = 'autoscaling.amazonaws.com', request }: Body) {
  const caller = await ec2.serviceLinkedRole(site.accountId, service);
  const input = { MinCount: 1, MaxCount: 1, ...request };
  return ec2.world.call('ec2', 'RunInstances', input, { caller, ...site, via: service });
}

/** An interface that a service keeps in an account, as load balancers do: its owner may not move or delete it. */
function addManaged(cell: Cell, { service = 'amazon-elb', request }: Body) {
  const { SubnetId, Groups, Description } = (request ?? {}) as {
    SubnetId?: string;
    Groups?: string[];
    Description?: string;
  };
  const subnet = SubnetId === undefined ? [...cell.subnets.values()][0] : findSubnet(cell, SubnetId);
  if (!subnet) {
    throw new ServiceError('InvalidSubnetID.NotFound', 'The account has no subnet.', 400);
  }
  const groupIds = checkGroups(cell, Groups ?? [defaultGroupId(cell, subnet.vpcId)], subnet);
  const made = addInterface(cell, {
    subnet,
    groupIds,
    description: Description ?? `${service} interface`,
    requesterId: service,
    managed: true,
  });
  return { NetworkInterfaceId: made.id };
}

/** `POST /_ec2/launch` and `POST /_ec2/interface`: what AWS's services do in an account by themselves. */
export async function actForService(ec2: Ec2, request: HttpRequest): Promise<HttpResponse | undefined> {
  const action = /^\/_ec2\/(launch|interface)$/.exec(request.path)?.[1];
  if (request.method !== 'POST' || action === undefined) {
    return undefined;
  }
  if (request.headers.origin !== undefined) {
    return json(403, { error: 'Not for browsers.' });
  }
  try {
    const body = JSON.parse(request.body.toString('utf8')) as Body;
    const { accountId = '', region = 'us-east-1' } = body;
    if (!ec2.world.accounts.has(accountId)) {
      return json(404, { error: `There is no account ${accountId}.` });
    }
    const cell = ec2.at({ accountId, region });
    return json(200, action === 'launch' ? await launch(ec2, cell, body) : addManaged(cell, body));
  } catch (error) {
    const code = error instanceof ServiceError ? error.code : 'BadRequest';
    return json(400, { error: code, message: error instanceof Error ? error.message : String(error) });
  }
}
