import { randomUUID } from 'node:crypto';
import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import type { CallContext, Handler } from '../../core/service';
import { changeSetNameConstraint, checkConstraints, roleArnConstraint, tokenConstraint } from '../constraints';
import { reasonOf, validationError } from '../errors';
import { newStack } from '../stacks/newStack';
import { requireUpdatable } from '../stacks/operations';
import { checkTarget, previewChanges } from '../stacks/preview';
import { recordStack } from '../stacks/record';
import { checkResourceTypes, checkRole } from '../stacks/request';
import { type Engine, startRun } from '../stacks/run';
import type { Stack } from '../stacks/state';
import { knownStackName } from '../strangers';
import type { Template } from '../template/model';
import { acceptTemplate } from '../templateCheck';
import { templateText } from '../templateSource';
import { expandedTarget } from '../transforms/target';
import { dependentChanges } from './dependents';
import { describeChange } from './describe';
import { importsOf } from './imports';
import type { ChangeSet } from './model';

async function nextTemplate(
  engine: Engine,
  input: CreateChangeSetInput,
  stack: Stack | undefined,
  context: CallContext,
): Promise<Template> {
  const text = await templateText(input, context);
  if (text !== undefined && !input.UsePreviousTemplate) {
    return acceptTemplate(text, engine.provider, context);
  }
  if (text !== undefined) {
    throw validationError('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
  }
  if (!input.UsePreviousTemplate || !stack?.current) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return acceptTemplate(stack.current.template.body, engine.provider, context);
}

/** The stack that a change set is for: a new one in review for the type CREATE. @throws ServiceError `ValidationError` */
function stackFor(engine: Engine, input: CreateChangeSetInput, type: ChangeSet['type'], context: CallContext): Stack {
  const stack = engine.store.find(input.StackName, context);
  const name = input.StackName ?? '';
  if (type !== 'CREATE' && type !== 'IMPORT') {
    if (!stack) {
      throw validationError(`Stack [${name}] does not exist`);
    }
    requireUpdatable(stack);
    return stack;
  }
  if (type === 'CREATE' && stack && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
  }
  return stack ?? newStack(engine, { ...input, ClientRequestToken: undefined } as { StackName?: string }, context, {});
}

function refuseDuplicate(stack: Stack, input: CreateChangeSetInput): void {
  const same = [...stack.changeSets.values()].find((each) => each.name === input.ChangeSetName);
  if (same) {
    throw new ServiceError(
      'AlreadyExistsException',
      `ChangeSet ${input.ChangeSetName} cannot be created due to a mismatch with existing attribute Template`,
      400,
    );
  }
}

/** CreateChangeSet: what it would do is found out a moment later. */
export function createChangeSet(engine: Engine): Handler {
  return async (input: CreateChangeSetInput, context) => {
    checkConstraints([
      ['stackName', input.StackName, knownStackName(context)],
      ['changeSetName', input.ChangeSetName, changeSetNameConstraint],
      ['roleARN', input.RoleARN, roleArnConstraint],
      ['clientToken', input.ClientToken, tokenConstraint],
      ['description', input.Description, { minimum: 1, maximum: 1024 }],
      ['changeSetType', input.ChangeSetType, { values: ['CREATE', 'UPDATE', 'IMPORT'] }],
    ]);
    const type = input.ChangeSetType ?? 'UPDATE';
    const stack = stackFor(engine, input, type, context);
    const repeated = [...stack.changeSets.values()].find((each) => each.name === input.ChangeSetName);
    if (repeated && input.ClientToken !== undefined && repeated.token === input.ClientToken) {
      return { Id: repeated.id, StackId: stack.id };
    }
    refuseDuplicate(stack, input);
    const template = await nextTemplate(engine, input, stack, context);
    checkResourceTypes(template, input.ResourceTypes);
    const { target, failure } = await expandedTarget(engine, stack, input, template, context);
    if (failure === undefined) {
      checkTarget(startRun(engine, stack, target, context.caller));
    }
    await checkRole(engine, context, stack, input.RoleARN);
    const changeSet: ChangeSet = {
      id: changeSetArn(engine, stack, input.ChangeSetName ?? ''),
      name: input.ChangeSetName ?? '',
      type,
      description: input.Description,
      createdAt: engine.store.now(),
      target,
      roleArn: input.RoleARN,
      onFailure: input.OnStackFailure,
      importExisting: input.ImportExistingResources ?? false,
      imports: importsOf(input, target.template, type),
      caller: context.caller,
      includeNested: input.IncludeNestedStacks ?? false,
      token: input.ClientToken,
      status: 'CREATE_PENDING',
      executionStatus: 'UNAVAILABLE',
      changes: [],
      dependents: [],
    };
    if (!engine.store.find(stack.name, context)) {
      engine.store.add(stack);
      recordStack(stack, 'REVIEW_IN_PROGRESS', engine.store.now(), 'User Initiated');
    }
    stack.changeSets.set(changeSet.id, changeSet);
    stack.changeSetId = stack.status === 'REVIEW_IN_PROGRESS' ? changeSet.id : stack.changeSetId;
    engine.world.later(1, () => (failure === undefined ? compute(engine, stack, changeSet) : fail(changeSet, failure)));
    return { Id: changeSet.id, StackId: stack.id };
  };
}

function changeSetArn(engine: Engine, stack: Stack, name: string): string {
  return `arn:${engine.world.partition}:cloudformation:${stack.region}:${stack.accountId}:changeSet/${name}/${randomUUID()}`;
}

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Finds out what a change set would do. */
function compute(engine: Engine, stack: Stack, changeSet: ChangeSet): void {
  try {
    const run = startRun(engine, stack, changeSet.target, changeSet.caller);
    const preview = previewChanges(run, new Set(changeSet.imports.keys()));
    const resources = new Set(changeSet.target.template.resources.keys());
    changeSet.changes = preview.changes.map((change) => describeChange(change, resources, true));
    changeSet.dependents = dependentChanges(run, preview.changes);
    // A new stack is a change in itself.
    if (!preview.any && changeSet.type !== 'CREATE') {
      fail(changeSet, noChanges);
      return;
    }
    changeSet.status = 'CREATE_COMPLETE';
    changeSet.executionStatus = 'AVAILABLE';
  } catch (error) {
    fail(changeSet, reasonOf(error));
  }
}

function fail(changeSet: ChangeSet, reason: string): void {
  changeSet.status = 'FAILED';
  changeSet.statusReason = reason;
  changeSet.executionStatus = 'UNAVAILABLE';
}
