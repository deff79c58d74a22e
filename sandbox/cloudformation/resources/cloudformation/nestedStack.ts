import type { ServiceError } from '../../../core/errors';
import { validationError } from '../../errors';
import { launch } from '../../stacks/launch';
import { createStack } from '../../stacks/operations';
import { runDelete } from '../../stacks/removal';
import type { Engine } from '../../stacks/run';
import type { Stack } from '../../stacks/state';
import type { ValueMap } from '../../template/model';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { map, texts } from '../values';

/** A list is given on as text between commas, as a nested stack's parameters are text. */
function parametersOf(properties: ValueMap) {
  return Object.entries(map(properties.Parameters)).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: Array.isArray(value) ? value.join(',') : String(value),
  }));
}

function request(context: ResourceContext, engine: Engine, properties: ValueMap) {
  const parent = engine.store.byArn(context.stackId);
  const tags = context.tags(properties.Tags);
  return {
    TemplateURL: String(properties.TemplateURL),
    Parameters: parametersOf(properties),
    Capabilities: [...(parent?.current?.capabilities ?? [])] as never[],
    NotificationARNs: texts(properties.NotificationARNs),
    ...(tags.length === 0 ? {} : { Tags: tags }),
  };
}

function provided(stack: Stack): ProvidedResource {
  const outputs = Object.fromEntries(stack.outputs.map(({ key, value }) => [`Outputs.${key}`, value]));
  return { physicalId: stack.id, attributes: { ...outputs, StackId: stack.id } };
}

function failure(stack: Stack): ServiceError {
  return validationError(
    `Embedded stack ${stack.id} was not successfully created: ${stack.statusReason ?? stack.status}`,
  );
}

async function create(engine: Engine, context: ResourceContext, properties: ValueMap): Promise<ProvidedResource> {
  const parent = engine.store.byArn(context.stackId);
  const input = {
    StackName: context.generateName(128),
    ...request(context, engine, properties),
    TimeoutInMinutes: properties.TimeoutInMinutes as number | undefined,
    DisableRollback: parent?.disableRollback,
  };
  const origin = { parentId: context.stackId, rootId: parent?.rootId ?? context.stackId };
  const { StackId } = await createStack(engine, input, callContext(context), origin);
  const stack = engine.store.byArn(StackId) as Stack;
  await stack.settled;
  if (stack.status !== 'CREATE_COMPLETE') {
    throw failure(stack);
  }
  return provided(stack);
}

/** The nested stack's requests are the parent's own. */
function callContext(context: ResourceContext) {
  const { world, caller, accountId, region, requestToken } = context;
  return {
    world,
    caller,
    accountId,
    region,
    requestId: requestToken,
    sourceIp: 'cloudformation.amazonaws.com',
    userAgent: 'cloudformation.amazonaws.com',
    authorize: () => {},
  };
}

async function update(
  engine: Engine,
  context: ResourceContext,
  id: string,
  properties: ValueMap,
): Promise<ProvidedResource> {
  try {
    await context.call('cloudformation', 'UpdateStack', { StackName: id, ...request(context, engine, properties) });
  } catch (error) {
    if (!(error as Error).message.startsWith('No updates are to be performed')) {
      throw error;
    }
  }
  const stack = engine.store.byArn(id) as Stack;
  await stack.settled;
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(stack.status)) {
    throw validationError(
      `Embedded stack ${id} was not successfully updated. Currently in ${stack.status} with reason: ${stack.statusReason}`,
    );
  }
  return provided(stack);
}

async function remove(engine: Engine, context: ResourceContext, id: string): Promise<void> {
  const stack = engine.store.byArn(id);
  if (!stack || stack.status === 'DELETE_COMPLETE') {
    return;
  }
  launch(engine, stack, () => runDelete(engine, stack, [], async () => context.caller));
  await stack.settled;
  const { status, statusReason } = engine.store.byArn(id) as Stack;
  if (status !== 'DELETE_COMPLETE') {
    throw validationError(`Embedded stack ${id} was not successfully deleted: ${statusReason}`);
  }
}

/** AWS::CloudFormation::Stack */
export function nestedStack(engine: Engine): ResourceProvider {
  return {
    create: (context, properties) => create(engine, context, properties),
    update: (context, id, properties) => update(engine, context, id, properties),
    delete: (context, id) => remove(engine, context, id),
  };
}
