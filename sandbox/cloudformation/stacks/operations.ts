import type {
  CancelUpdateStackInput,
  ContinueUpdateRollbackInput,
  CreateStackInput,
  DeleteStackInput,
  RollbackStackInput,
  SignalResourceInput,
  UpdateStackInput,
  UpdateTerminationProtectionInput,
} from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import type { CallContext, Handler } from '../../core/service';
import { checkConstraints, roleArnConstraint, tokenConstraint } from '../constraints';
import { validationError } from '../errors';
import { acknowledged, knownStackName, newStackName } from '../strangers';
import { checkAutoExpand } from '../template/capabilities';
import type { Template } from '../template/model';
import { acceptTemplate } from '../templateCheck';
import { requiredTemplateText, templateText } from '../templateSource';
import { expandedTarget } from '../transforms/target';
import { runCreate } from './create';
import { launch } from './launch';
import { newStack, type StackOrigin } from './newStack';
import { policyText, setPolicy } from './policyInput';
import { checkTarget, previewChanges } from './preview';
import { recordStack } from './record';
import { beginDeletion, runDelete } from './removal';
import { checkResourceTypes, checkRole, operatorOf } from './request';
import { runContinueRollback, runRollback } from './rollback';
import { type Engine, type Run, startRun } from './run';
import type { Stack } from './state';
import { runUpdate } from './update';

/** Statuses in which a stack can be updated (User Guide, "Stack status codes"). */
const updatable = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_FAILED',
  'CREATE_FAILED',
]);

/** @throws ServiceError `ValidationError` */
export function requireUpdatable(stack: Stack): void {
  if (!updatable.has(stack.status)) {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
}

/** A deleted stack is still found by its id. @throws ServiceError `ValidationError` */
function existing(engine: Engine, name: string | undefined, context: CallContext): Stack {
  const stack = engine.store.find(name, context);
  if (!stack) {
    throw validationError(`Stack [${name}] does not exist`);
  }
  return stack;
}

/** CreateStack. `origin` tells of a stack inside another one. */
export async function createStack(
  engine: Engine,
  input: CreateStackInput,
  context: CallContext,
  origin: StackOrigin = {},
): Promise<{ StackId: string; OperationId?: string }> {
  checkConstraints([
    ['stackName', input.StackName, newStackName(context)],
    ['roleARN', input.RoleARN, roleArnConstraint],
    ['clientRequestToken', input.ClientRequestToken, tokenConstraint],
    ['timeoutInMinutes', input.TimeoutInMinutes, { minimum: 1 }],
    ['onFailure', input.OnFailure, { values: ['ROLLBACK', 'DELETE', 'DO_NOTHING'] }],
  ]);
  if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
    throw validationError('You can specify either DisableRollback or OnFailure, but not both.');
  }
  const before = engine.store.find(input.StackName, context);
  const repeated = input.ClientRequestToken !== undefined && before?.creationToken === input.ClientRequestToken;
  if (before && repeated) {
    return { StackId: before.id };
  }
  const template = acceptTemplate(await requiredTemplateText(input, context), engine.provider, context);
  refuseExisting(before, input.StackName ?? '');
  const stack = newStack(engine, input, context, origin);
  acknowledged(context, () => checkAutoExpand(template, input.Capabilities));
  checkResourceTypes(template, input.ResourceTypes);
  const { target, failure } = await expandedTarget(engine, stack, input, template, context);
  if (failure === undefined) {
    checkTarget(startRun(engine, stack, target, context.caller));
  }
  await checkRole(engine, context, stack, input.RoleARN);
  stack.policy = await policyText(engine, input.StackPolicyBody, input.StackPolicyURL, context);
  refuseExisting(engine.store.find(input.StackName, context), input.StackName ?? '');
  engine.store.add(stack);
  stack.current = target;
  recordStack(stack, 'CREATE_IN_PROGRESS', engine.store.now(), 'User Initiated');
  launch(engine, stack, () => runCreate(engine, stack, target, operatorOf(engine, stack, context.caller, failure)));
  return { StackId: stack.id };
}

function refuseExisting(stack: Stack | undefined, name: string): void {
  if (stack) {
    throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`, 400);
  }
}

async function nextTemplate(
  engine: Engine,
  input: UpdateStackInput,
  stack: Stack,
  context: CallContext,
): Promise<Template> {
  const text = await templateText(input, context);
  if (input.UsePreviousTemplate && text !== undefined) {
    throw validationError('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
  }
  if (text !== undefined) {
    return acceptTemplate(text, engine.provider, context);
  }
  if (!input.UsePreviousTemplate || !stack.current) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  // What was written: its transforms run again.
  return acceptTemplate(stack.current.template.body, engine.provider, context);
}

/** @throws ServiceError `ValidationError` when an update would change nothing */
function requireChanges(run: Run): void {
  checkTarget(run);
  if (!previewChanges(run).any) {
    throw validationError('No updates are to be performed.');
  }
}

function updateStack(engine: Engine): Handler {
  return async (input: UpdateStackInput, context) => {
    checkConstraints([
      ['stackName', input.StackName, knownStackName(context)],
      ['roleARN', input.RoleARN, roleArnConstraint],
      ['clientRequestToken', input.ClientRequestToken, tokenConstraint],
    ]);
    const stack = existing(engine, input.StackName, context);
    requireUpdatable(stack);
    const template = await nextTemplate(engine, input, stack, context);
    acknowledged(context, () => checkAutoExpand(template, input.Capabilities));
    checkResourceTypes(template, input.ResourceTypes);
    const { target, failure } = await expandedTarget(engine, stack, input, template, context);
    await checkRole(engine, context, stack, input.RoleARN);
    const during = await policyText(
      engine,
      input.StackPolicyDuringUpdateBody,
      input.StackPolicyDuringUpdateURL,
      context,
    );
    if (failure === undefined) {
      requireChanges(startRun(engine, stack, target, context.caller));
    }
    requireUpdatable(stack);
    stack.policy = (await policyText(engine, input.StackPolicyBody, input.StackPolicyURL, context)) ?? stack.policy;
    stack.roleArn = input.RoleARN ?? stack.roleArn;
    stack.token = input.ClientRequestToken;
    stack.disableRollback = input.DisableRollback ?? false;
    recordStack(stack, 'UPDATE_IN_PROGRESS', engine.store.now(), 'User Initiated');
    const operator = operatorOf(engine, stack, context.caller, failure);
    launch(engine, stack, () => runUpdate(engine, stack, target, operator, { kind: 'UPDATE', policy: during }));
    return { StackId: stack.id };
  };
}

const undeletable = new Set([
  'CREATE_IN_PROGRESS',
  'UPDATE_IN_PROGRESS',
  'ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_IN_PROGRESS',
]);

function deleteStack(engine: Engine): Handler {
  return async (input: DeleteStackInput, context) => {
    checkConstraints([
      ['stackName', input.StackName, { required: true }],
      ['roleARN', input.RoleARN, roleArnConstraint],
      ['clientRequestToken', input.ClientRequestToken, tokenConstraint],
    ]);
    const stack = engine.store.find(input.StackName, context);
    if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') {
      return {};
    }
    if (stack.terminationProtection) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    const force = input.DeletionMode === 'FORCE_DELETE_STACK';
    if ((input.RetainResources?.length ?? 0) > 0 && stack.status !== 'DELETE_FAILED') {
      throw validationError(
        `Invalid operation on stack [${stack.id}]. RetainResources can only be specified for stacks in the DELETE_FAILED state.`,
      );
    }
    await checkRole(engine, context, stack, input.RoleARN);
    stack.roleArn = input.RoleARN ?? stack.roleArn;
    const waits = undeletable.has(stack.status);
    stack.cancelled = waits;
    const earlier = stack.settled;
    stack.token = input.ClientRequestToken;
    const failed = [...stack.resources.values()].filter((resource) => resource.status === 'DELETE_FAILED');
    const retain = force ? failed.map((resource) => resource.logicalId) : (input.RetainResources ?? []);
    const operator = operatorOf(engine, stack, context.caller);
    const before = waits ? undefined : beginDeletion(engine, stack);
    launch(engine, stack, async () => {
      if (waits) {
        await earlier;
      }
      await runDelete(engine, stack, retain, operator, before);
    });
    return {};
  };
}

function cancelUpdate(engine: Engine): Handler {
  return (input: CancelUpdateStackInput, context) => {
    const stack = existing(engine, input.StackName, context);
    if (stack.status !== 'UPDATE_IN_PROGRESS') {
      throw validationError('CancelUpdateStack cannot be called from current stack status');
    }
    stack.cancelled = true;
    return {};
  };
}

function continueRollback(engine: Engine): Handler {
  return async (input: ContinueUpdateRollbackInput, context) => {
    const stack = existing(engine, input.StackName, context);
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(
        `Stack:${stack.id} is in ${stack.status} state and can not continue update rollback. It must be in UPDATE_ROLLBACK_FAILED state.`,
      );
    }
    await checkRole(engine, context, stack, input.RoleARN);
    stack.roleArn = input.RoleARN ?? stack.roleArn;
    stack.token = input.ClientRequestToken;
    const operator = operatorOf(engine, stack, context.caller);
    launch(engine, stack, () => runContinueRollback(engine, stack, input.ResourcesToSkip ?? [], operator));
    return {};
  };
}

function rollbackStack(engine: Engine): Handler {
  return async (input: RollbackStackInput, context) => {
    const stack = existing(engine, input.StackName, context);
    if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
    await checkRole(engine, context, stack, input.RoleARN);
    stack.roleArn = input.RoleARN ?? stack.roleArn;
    launch(engine, stack, () => runRollback(engine, stack, operatorOf(engine, stack, context.caller)));
    return { StackId: stack.id };
  };
}

function signalResource(engine: Engine): Handler {
  return (input: SignalResourceInput, context) => {
    checkConstraints([
      ['stackName', input.StackName, { required: true, minimum: 1 }],
      ['uniqueId', input.UniqueId, { required: true, minimum: 1, maximum: 64 }],
      ['status', input.Status, { required: true, values: ['SUCCESS', 'FAILURE'] }],
    ]);
    const stack = existing(engine, input.StackName, context);
    const id = input.LogicalResourceId ?? '';
    if (!stack.current?.template.resources.has(id)) {
      throw validationError(`Resource ${id} does not exist for stack ${stack.name}`);
    }
    const signals = stack.signals.get(id) ?? new Map();
    signals.set(input.UniqueId ?? '', input.Status as 'SUCCESS' | 'FAILURE');
    stack.signals.set(id, signals);
    return {};
  };
}

function terminationProtection(engine: Engine): Handler {
  return (input: UpdateTerminationProtectionInput, context) => {
    checkConstraints([['stackName', input.StackName, knownStackName(context)]]);
    const stack = existing(engine, input.StackName, context);
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    return { StackId: stack.id };
  };
}

/** Operations that change stacks. */
export function stackOperations(engine: Engine): Record<string, Handler> {
  return {
    CreateStack: (input: CreateStackInput, context) => createStack(engine, input, context),
    UpdateStack: updateStack(engine),
    DeleteStack: deleteStack(engine),
    CancelUpdateStack: cancelUpdate(engine),
    ContinueUpdateRollback: continueRollback(engine),
    RollbackStack: rollbackStack(engine),
    SignalResource: signalResource(engine),
    UpdateTerminationProtection: terminationProtection(engine),
    ...setPolicy(engine),
  };
}
