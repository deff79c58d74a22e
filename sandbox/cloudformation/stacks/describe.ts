import type {
  DescribeStackEventsInput,
  DescribeStackResourceInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  GetTemplateInput,
  ListStackResourcesInput,
  ListStacksInput,
} from '@aws-sdk/client-cloudformation';
import { tagList } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import { paginate } from '../../core/paginate';
import type { CallContext, Handler } from '../../core/service';
import { checkConstraints } from '../constraints';
import { validationError } from '../errors';
import { describeParameters } from '../template/parameters';
import { orNone } from '../template/summary';
import type { Engine } from './run';
import type { Stack, StackEvent, StackResource } from './state';

/** @throws ServiceError `ValidationError` with the words of the operation that asks */
function known(
  engine: Engine,
  name: string | undefined,
  context: CallContext,
  message: (name: string) => string,
): Stack {
  const stack = name === undefined ? undefined : engine.store.find(name, context);
  if (!stack) {
    throw validationError(message(name ?? ''));
  }
  return stack;
}

const withId = (name: string) => `Stack with id ${name} does not exist`;
const bracketed = (name: string) => `Stack [${name}] does not exist`;
const quoted = (name: string) => `Stack '${name}' does not exist`;

function driftInformation(stack: Stack) {
  return { StackDriftStatus: stack.drift.status, LastCheckTimestamp: stack.drift.checkedAt };
}

/** Statuses of stacks that no change set has made what they are. */
const withoutChangeSet: ReadonlySet<string> = new Set(['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE']);

/** `Stack` of the API. */
export function describeStack(stack: Stack) {
  const target = stack.current;
  const deleted = stack.status === 'DELETE_COMPLETE';
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: withoutChangeSet.has(stack.status) ? undefined : stack.changeSetId,
    Description: target?.template.description,
    Parameters: orNone(target ? describeParameters(target.parameters) : []),
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    RollbackConfiguration: target?.rollback ?? {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [...(target?.notificationArns ?? [])],
    TimeoutInMinutes: stack.timeoutMinutes,
    Capabilities: orNone([...(target?.capabilities ?? [])]),
    Outputs: orNone(
      (deleted ? [] : stack.outputs).map((output) => ({
        OutputKey: output.key,
        OutputValue: output.value,
        Description: output.description,
        ExportName: output.exportName,
      })),
    ),
    RoleARN: stack.roleArn,
    Tags: target ? tagList(target.tags) : [],
    EnableTerminationProtection: deleted ? undefined : stack.terminationProtection,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: driftInformation(stack),
  };
}

function describeStacks(engine: Engine): Handler {
  return (input: DescribeStacksInput, context) => {
    if (input.StackName !== undefined) {
      return { Stacks: [describeStack(known(engine, input.StackName, context, withId))] };
    }
    const live = [...engine.store.regions.at(context).live.values()].reverse();
    const page = paginate(live, { token: input.NextToken, maximum: 100, invalidCode: 'ValidationError' });
    return { Stacks: page.items.map(describeStack), NextToken: page.nextToken };
  };
}

function listStacks(engine: Engine): Handler {
  return (input: ListStacksInput, context) => {
    const filter = new Set<string>(input.StackStatusFilter);
    const all = [...engine.store.regions.at(context).byId.values()].reverse();
    const chosen = filter.size === 0 ? all : all.filter((stack) => filter.has(stack.status));
    const page = paginate(chosen, { token: input.NextToken, maximum: 100, invalidCode: 'ValidationError' });
    return {
      StackSummaries: page.items.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        TemplateDescription: stack.current?.template.description,
        CreationTime: stack.createdAt,
        LastUpdatedTime: stack.updatedAt,
        DeletionTime: stack.deletedAt,
        StackStatus: stack.status,
        StackStatusReason: stack.statusReason,
        ParentId: stack.parentId,
        RootId: stack.rootId,
        DriftInformation: driftInformation(stack),
      })),
      NextToken: page.nextToken,
    };
  };
}

/** `StackEvent` of the API. */
export function describeEvent(stack: Stack, event: StackEvent) {
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId ?? '',
    ResourceType: event.type,
    Timestamp: event.timestamp,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties === undefined ? undefined : JSON.stringify(event.properties),
    ClientRequestToken: event.clientRequestToken,
  };
}

function describeEvents(engine: Engine): Handler {
  return (input: DescribeStackEventsInput, context) => {
    const stack = known(engine, input.StackName, context, bracketed);
    const newest = [...stack.events].reverse();
    const page = paginate(newest, { token: input.NextToken, maximum: 100, invalidCode: 'ValidationError' });
    return { StackEvents: page.items.map((event) => describeEvent(stack, event)), NextToken: page.nextToken };
  };
}

function driftOf(resource: StackResource) {
  return {
    StackResourceDriftStatus: resource.drift?.status ?? 'NOT_CHECKED',
    LastCheckTimestamp: resource.drift?.checkedAt,
  };
}

function describeResource(stack: Stack, resource: StackResource) {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: driftOf(resource),
  };
}

function oneResource(engine: Engine): Handler {
  return (input: DescribeStackResourceInput, context) => {
    const stack = known(engine, input.StackName, context, quoted);
    const resource = stack.resources.get(input.LogicalResourceId ?? '');
    if (!resource) {
      throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${input.StackName}`);
    }
    return {
      StackResourceDetail: {
        ...describeResource(stack, resource),
        LastUpdatedTimestamp: resource.updatedAt,
        Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
      },
    };
  };
}

function stackWithResource(engine: Engine, input: DescribeStackResourcesInput, context: CallContext): Stack {
  if (input.StackName !== undefined) {
    return known(engine, input.StackName, context, withId);
  }
  if (input.PhysicalResourceId === undefined) {
    throw validationError('Stack name or physical resource ID must be specified.');
  }
  for (const stack of engine.store.regions.at(context).live.values()) {
    for (const resource of stack.resources.values()) {
      if (resource.physicalId === input.PhysicalResourceId) {
        return stack;
      }
    }
  }
  throw validationError(`Stack for ${input.PhysicalResourceId} does not exist`);
}

function someResources(engine: Engine): Handler {
  return (input: DescribeStackResourcesInput, context) => {
    if (input.StackName !== undefined && input.PhysicalResourceId !== undefined) {
      throw validationError('Stack name and physical resource ID cannot be specified together.');
    }
    const stack = stackWithResource(engine, input, context);
    const id = input.LogicalResourceId;
    const chosen = [...stack.resources.values()].filter((resource) => id === undefined || resource.logicalId === id);
    return {
      StackResources: chosen.slice(0, 100).map((resource) => ({
        ...describeResource(stack, resource),
        Timestamp: resource.updatedAt,
      })),
    };
  };
}

function listResources(engine: Engine): Handler {
  return (input: ListStackResourcesInput, context) => {
    const stack = known(engine, input.StackName, context, withId);
    const page = paginate([...stack.resources.values()], {
      token: input.NextToken,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return {
      StackResourceSummaries: page.items.map((resource) => {
        const { StackName: _name, StackId: _id, ...summary } = describeResource(stack, resource);
        return { ...summary, LastUpdatedTimestamp: resource.updatedAt };
      }),
      NextToken: page.nextToken,
    };
  };
}

function getTemplate(engine: Engine): Handler {
  return (input: GetTemplateInput, context) => {
    const { StackName: name, ChangeSetName: changeSet, TemplateStage: stage } = input;
    checkConstraints([['templateStage', stage, { values: ['Original', 'Processed'] }]]);
    if (name === undefined && changeSet === undefined) {
      throw validationError('StackName is required if ChangeSetName is not specified.');
    }
    const found =
      changeSet === undefined
        ? known(engine, name, context, withId).current?.template
        : changeSetTemplate(engine, name, changeSet, context);
    const processed = stage !== 'Original' && found?.expanded && found.transforms.length > 0;
    return {
      TemplateBody: processed ? JSON.stringify(found.root) : found?.body,
      StagesAvailable: ['Original', 'Processed'],
    };
  };
}

function changeSetTemplate(engine: Engine, name: string | undefined, changeSet: string, context: CallContext) {
  if (name === undefined && !changeSet.startsWith('arn:')) {
    throw validationError('StackName is a required parameter.');
  }
  const stacks =
    name === undefined ? engine.store.regions.at(context).byId.values() : [engine.store.find(name, context)];
  for (const stack of stacks) {
    for (const each of [...(stack?.changeSets.values() ?? []), ...(stack?.executed.values() ?? [])]) {
      if (each.id === changeSet || each.name === changeSet) {
        return each.target.template;
      }
    }
  }
  throw new ServiceError('ChangeSetNotFound', `ChangeSet [${changeSet}] does not exist`, 404);
}

/** Operations that only read stacks. */
export function describeOperations(engine: Engine): Record<string, Handler> {
  return {
    DescribeStacks: describeStacks(engine),
    ListStacks: listStacks(engine),
    DescribeStackEvents: describeEvents(engine),
    DescribeStackResource: oneResource(engine),
    DescribeStackResources: someResources(engine),
    ListStackResources: listResources(engine),
    GetTemplate: getTemplate(engine),
  };
}
