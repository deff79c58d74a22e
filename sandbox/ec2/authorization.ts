import type { RunInstancesRequest, TagSpecification } from '@aws-sdk/client-ec2';
import { requestTagConditions, type Tags, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { AuthorizationRequest, CallContext } from '../core/service';
import { actions, type Named } from './actions';
import { resolveOrder } from './instances/order';
import { place } from './instances/placement';
import type { Cell, Ec2, Resource } from './state';
import { kindOf } from './taggable';

type Conditions = Record<string, string | readonly string[]>;

function tagConditions(tags: Tags): Conditions {
  const pairs = [...tags].flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`ec2:ResourceTag/${key}`, value],
  ]);
  return Object.fromEntries(pairs);
}

/** The VPC of a resource that is in one. */
function vpcOf(resource: Resource | undefined): string | undefined {
  return resource && 'vpcId' in resource && typeof resource.vpcId === 'string' ? resource.vpcId : undefined;
}

/** The specifications of tags that a request brings: under any of the names that operations give them. */
function specifications(input: Record<string, unknown>): TagSpecification[] {
  const given = input.TagSpecifications ?? input.TagSpecification;
  return Array.isArray(given) ? (given as TagSpecification[]) : [];
}

/** What policies can ask about an instance that is to be. */
function instanceKeys(order: Partial<RunInstancesRequest>): Conditions {
  const { HttpTokens, HttpEndpoint } = order.MetadataOptions ?? {};
  return {
    'ec2:InstanceType': order.InstanceType ?? 'm1.small',
    'ec2:Tenancy': order.Placement?.Tenancy ?? 'default',
    'ec2:RootDeviceType': 'ebs',
    'ec2:EbsOptimized': String(order.EbsOptimized ?? false),
    'ec2:InstanceMarketType': order.InstanceMarketOptions?.MarketType ?? 'on-demand',
    'ec2:MetadataHttpTokens': HttpTokens ?? 'optional',
    'ec2:MetadataHttpEndpoint': HttpEndpoint ?? 'enabled',
  };
}

/** A launch is decided with what its template and the default network add. */
function wholeOrder(cell: Cell, input: Record<string, unknown>): Record<string, unknown> {
  try {
    const order = resolveOrder(cell, input as unknown as RunInstancesRequest);
    if (order.NetworkInterfaces?.length) {
      return { ...order };
    }
    const [{ subnet, groupIds } = { subnet: undefined, groupIds: [] }] = place(cell, order).wanted;
    return { ...order, SubnetId: subnet?.id, SecurityGroupIds: [...groupIds] };
  } catch (error) {
    if (error instanceof ServiceError) {
      return input;
    }
    throw error;
  }
}

/** What EC2 asks IAM before one call. */
class Asking {
  private readonly cell: Cell;
  private readonly input: Record<string, unknown>;

  constructor(
    private readonly ec2: Ec2,
    private readonly operation: string,
    given: Record<string, unknown>,
    private readonly context: CallContext,
  ) {
    this.cell = ec2.look(context);
    this.input = operation === 'RunInstances' ? wholeOrder(this.cell, given) : given;
  }

  requests(): AuthorizationRequest[] {
    const action = `ec2:${this.operation}`;
    const entry = actions[this.operation];
    if (!entry) {
      return [{ action, resources: ['*'], conditions: this.common() }];
    }
    const named = entry.on.flatMap((one) => this.named(action, one));
    const made = (entry.makes ?? []).map((type) => this.made(action, type));
    const all = [...named, ...made, ...this.tagging(entry.makes ?? [])];
    return all.length > 0 ? all : [{ action, resources: ['*'], conditions: this.common() }];
  }

  private common(): Conditions {
    return { 'ec2:Region': this.context.region };
  }

  /** Resources that the request names. */
  private named(action: string, { member, type, keys }: Named): AuthorizationRequest[] {
    const given = member.split('.').reduce<unknown>((value, name) => childOf(value, name), this.input);
    const ids = (Array.isArray(given) ? given.flat(3) : [given]).filter((id): id is string => typeof id === 'string');
    const others = requestTagConditions(this.operation === 'CreateTags' ? this.tagsInRequest() : new Map());
    return ids.map((id) => {
      const kind = kindOf(id);
      const resource = kind?.find(this.cell, id);
      const name = type ?? kind?.type ?? '*';
      const vpcId = vpcOf(resource);
      const conditions = {
        ...this.common(),
        ...(resource ? tagConditions(resource.tags) : {}),
        ...(vpcId ? { 'ec2:Vpc': this.ec2.arn(this.cell.site, `vpc/${vpcId}`) } : {}),
        ...(keys?.(this.ec2, this.cell, id) ?? {}),
        ...others,
      };
      return { action, resources: [this.arnOf(name, id)], conditions };
    });
  }

  private arnOf(type: string, id: string): string {
    const foreign = type === 'image' || type === 'snapshot';
    return this.ec2.arn(foreign ? { ...this.cell.site, accountId: '' } : this.cell.site, `${type}/${id}`);
  }

  /** What the call makes: it has no id yet, but may have tags. */
  private made(action: string, type: string): AuthorizationRequest {
    const [specification] = specifications(this.input).filter((each) => each.ResourceType === type);
    const conditions = {
      ...this.common(),
      ...(type === 'instance' ? instanceKeys(this.input) : {}),
      ...requestTagConditions(tagsFrom(specification?.Tags)),
    };
    return { action, resources: [this.arnOf(type, '*')], conditions };
  }

  /** Tags given at birth need the permission to tag. */
  private tagging(makes: readonly string[]): AuthorizationRequest[] {
    const tagged = specifications(this.input).filter(({ ResourceType, Tags }) => ResourceType && Tags?.length);
    const types = this.operation.startsWith('Authorize') ? ['security-group-rule'] : makes;
    return tagged
      .filter(({ ResourceType = '' }) => types.includes(ResourceType))
      .map(({ ResourceType = '', Tags }) => ({
        action: 'ec2:CreateTags',
        resources: [this.arnOf(ResourceType, '*')],
        conditions: {
          ...this.common(),
          ...requestTagConditions(tagsFrom(Tags)),
          'ec2:CreateAction': this.operation,
        },
      }));
  }

  private tagsInRequest(): Tags {
    return tagsFrom(this.input.Tags as { Key?: string; Value?: string }[] | undefined);
  }
}

function childOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => childOf(each, name));
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * What each operation of EC2 asks of IAM (Service Authorization Reference): the resources that it names with their
 * tags, those that it makes with the tags that it gives them, and `ec2:CreateTags` for these.
 */
export function authorization(
  ec2: Ec2,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  return new Asking(ec2, operation, (given ?? {}) as Record<string, unknown>, context).requests();
}
