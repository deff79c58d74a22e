import { requestTagConditions, resourceTagConditions, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext } from '../core/service';
import type { Stack, StackStore } from './stacks/state';
import type { StackSetStore } from './stacksets/state';

/** Operations that IAM asks about without a resource (Service Authorization Reference). */
const withoutResource = new Set([
  'ActivateOrganizationsAccess',
  'DeactivateOrganizationsAccess',
  'DescribeOrganizationsAccess',
  'DescribeAccountLimits',
  'DescribeStackDriftDetectionStatus',
  'EstimateTemplateCost',
  'ListExports',
  'ListImports',
  'ListStacks',
  'ListStackSets',
  'ValidateTemplate',
  'ListTypes',
  'CreateUploadBucket',
]);

interface Named {
  StackName?: string;
  StackSetName?: string;
  ChangeSetName?: string;
  TemplateURL?: string;
  RoleARN?: string;
  Tags?: { Key?: string; Value?: string }[];
  ResourceTypes?: string[];
  CallAs?: string;
}

function conditions(input: Named): Record<string, string | readonly string[]> {
  return {
    ...(input.TemplateURL === undefined ? {} : { 'cloudformation:TemplateUrl': input.TemplateURL }),
    ...(input.RoleARN === undefined ? {} : { 'cloudformation:RoleArn': input.RoleARN }),
    ...(input.ChangeSetName === undefined ? {} : { 'cloudformation:ChangeSetName': input.ChangeSetName }),
    ...(input.ResourceTypes === undefined ? {} : { 'cloudformation:ResourceTypes': input.ResourceTypes }),
    ...requestTagConditions(tagsFrom(input.Tags)),
  };
}

function stackRequest(stacks: StackStore, action: string, input: Named, context: CallContext): AuthorizationRequest {
  const { partition } = context.world;
  const stack =
    input.StackName === undefined ? stackOfChangeSet(stacks, input, context) : stacks.find(input.StackName, context);
  const name = input.StackName ?? stack?.id ?? '';
  const arn = name.startsWith('arn:')
    ? name
    : `arn:${partition}:cloudformation:${context.region}:${context.accountId}:stack/${name}/*`;
  const tags = stack?.current ? resourceTagConditions(stack.current.tags) : {};
  return { action, resources: [arn], conditions: { ...conditions(input), ...tags } };
}

/** A change set has no resource of its own in IAM: its stack is what is asked about. */
function stackOfChangeSet(stacks: StackStore, input: Named, context: CallContext): Stack | undefined {
  const all = [...stacks.regions.at(context).live.values()];
  return all.find(({ changeSets }) => [...changeSets.values()].some(({ id }) => id === input.ChangeSetName));
}

/** Source: CloudFormation user guide, "Considerations when detecting drift". */
function driftRequests(request: AuthorizationRequest): AuthorizationRequest[] {
  const resource = { ...request, action: 'cloudformation:DetectStackResourceDrift' };
  const types = { action: 'cloudformation:BatchDescribeTypeConfigurations', resources: ['*'] };
  return request.action === resource.action ? [resource, types] : [request, resource, types];
}

function stackSetRequest(
  sets: StackSetStore,
  action: string,
  input: Named,
  context: CallContext,
): AuthorizationRequest {
  const set = sets.find(input.StackSetName, context, input.CallAs);
  const name = (input.StackSetName ?? '').split(':')[0];
  const arn =
    set?.arn ??
    `arn:${context.world.partition}:cloudformation:${context.region}:${context.accountId}:stackset/${name}:*`;
  return {
    action,
    resources: [arn],
    conditions: { ...conditions(input), ...(set ? resourceTagConditions(set.current.tags) : {}) },
  };
}

/** What IAM decides about an operation: stacks and stack sets go by their ARNs. */
export function authorization(
  stacks: StackStore,
  sets: StackSetStore,
  operation: string,
  given: unknown,
  context: CallContext,
): readonly AuthorizationRequest[] | undefined {
  const input = (given ?? {}) as Named;
  const action = `cloudformation:${operation}`;
  if (withoutResource.has(operation)) {
    return [{ action, resources: ['*'], conditions: conditions(input) }];
  }
  if (input.StackSetName !== undefined) {
    return [stackSetRequest(sets, action, input, context)];
  }
  if (operation.startsWith('DetectStack')) {
    return driftRequests(stackRequest(stacks, action, input, context));
  }
  if (input.StackName !== undefined || input.ChangeSetName?.startsWith('arn:')) {
    return [stackRequest(stacks, action, input, context)];
  }
  return [{ action, resources: ['*'], conditions: conditions(input) }];
}
