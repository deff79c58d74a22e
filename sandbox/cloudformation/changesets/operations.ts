import { randomUUID } from 'node:crypto';
import type {
  CreateChangeSetInput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
} from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import { paginate } from '../../core/paginate';
import type { CallContext, Handler } from '../../core/service';
import {
  changeSetNameConstraint,
  checkConstraints,
  roleArnConstraint,
  stackNameOrIdConstraint,
  tokenConstraint,
} from '../constraints';
import { reasonOf, validationError } from '../errors';
import { runCreate } from '../stacks/create';
import { newStack } from '../stacks/newStack';
import { launch, requireUpdatable } from '../stacks/operations';
import { previewChanges } from '../stacks/preview';
import { recordStack } from '../stacks/record';
import { checkRole, operatorOf, targetOf } from '../stacks/request';
import { type Engine, startRun } from '../stacks/run';
import type { Stack } from '../stacks/state';
import { runUpdate } from '../stacks/update';
import type { Template } from '../template/model';
import { acceptTemplate } from '../templateCheck';
import { templateText } from '../templateSource';
import { describeChange, describeChangeSet } from './describe';
import { importsOf } from './imports';
import type { ChangeSet } from './model';

function notFound(name: string): ServiceError {
  return new ServiceError('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`, 404);
}

/** @throws ServiceError `ChangeSetNotFoundException`, `ValidationError` */
function find(
  engine: Engine,
  input: { ChangeSetName?: string; StackName?: string },
  context: CallContext,
): { stack: Stack; changeSet: ChangeSet } {
  const name = input.ChangeSetName ?? '';
  if (name.startsWith('arn:')) {
    for (const stack of engine.store.regions.at(context).byId.values()) {
      const changeSet = stack.changeSets.get(name);
      if (changeSet) {
        return { stack, changeSet };
      }
    }
    throw notFound(name);
  }
  if (input.StackName === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stack = engine.store.find(input.StackName, context);
  if (!stack) {
    throw notFound(name);
  }
  const changeSet = [...stack.changeSets.values()].find((each) => each.name === name);
  if (!changeSet) {
    throw notFound(name);
  }
  return { stack, changeSet };
}

async function nextTemplate(
  engine: Engine,
  input: CreateChangeSetInput,
  stack: Stack | undefined,
  context: CallContext,
): Promise<Template> {
  const text = await templateText(input, context);
  if (text !== undefined && !input.UsePreviousTemplate) {
    return acceptTemplate(text, engine.provider);
  }
  if (!input.UsePreviousTemplate || text !== undefined || !stack?.current) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return stack.current.template;
}

/** The stack that a change set is for: a new one in review for the type CREATE. @throws ServiceError `ValidationError` */
function stackFor(engine: Engine, input: CreateChangeSetInput, type: ChangeSet['type'], context: CallContext): Stack {
  const stack = engine.store.find(input.StackName, context);
  const name = input.StackName ?? '';
  if (type !== 'CREATE' && type !== 'IMPORT') {
    if (!stack || stack.status === 'DELETE_COMPLETE') {
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

function createChangeSet(engine: Engine): Handler {
  return async (input: CreateChangeSetInput, context) => {
    checkConstraints([
      ['stackName', input.StackName, stackNameOrIdConstraint],
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
    const target = await targetOf(input, template, context, stack.current);
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
      imports: importsOf(input, template, type),
      caller: context.caller,
      includeNested: input.IncludeNestedStacks ?? false,
      token: input.ClientToken,
      status: 'CREATE_PENDING',
      executionStatus: 'UNAVAILABLE',
      changes: [],
    };
    if (!engine.store.find(stack.name, context)) {
      engine.store.add(stack);
      recordStack(stack, 'REVIEW_IN_PROGRESS', engine.store.now(), 'User Initiated');
    }
    stack.changeSets.set(changeSet.id, changeSet);
    engine.world.later(1, () => compute(engine, stack, changeSet));
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
    if (!preview.any) {
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

/** Values only for those who ask for them. */
function withoutValues(change: ChangeSet['changes'][number]): ChangeSet['changes'][number] {
  const { BeforeContext: _before, AfterContext: _after, ...resource } = change.ResourceChange ?? {};
  const Details = resource.Details?.map((detail) => {
    const { Attribute, Name, RequiresRecreation } = detail.Target ?? {};
    return { ...detail, Target: { Attribute, Name, RequiresRecreation } };
  });
  return { ...change, ResourceChange: { ...resource, Details } };
}

function describe(engine: Engine): Handler {
  return (input: DescribeChangeSetInput, context) => {
    checkConstraints([['changeSetName', input.ChangeSetName, { required: true, minimum: 1 }]]);
    const { stack, changeSet } = find(engine, input, context);
    const page = paginate(changeSet.changes, { token: input.NextToken, maximum: 200, invalidCode: 'ValidationError' });
    return {
      ...describeChangeSet(stack, changeSet),
      Changes: input.IncludePropertyValues ? page.items : page.items.map(withoutValues),
      NextToken: page.nextToken,
    };
  };
}

function execute(engine: Engine): Handler {
  return (input: ExecuteChangeSetInput, context) => {
    const { stack, changeSet } = find(engine, input, context);
    if (changeSet.executionStatus !== 'AVAILABLE') {
      throw new ServiceError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
        400,
      );
    }
    const creates = stack.status === 'REVIEW_IN_PROGRESS';
    if (!creates) {
      requireUpdatable(stack);
    }
    if (input.DisableRollback !== undefined && changeSet.onFailure !== undefined) {
      throw validationError('You can specify either DisableRollback or OnStackFailure, but not both.');
    }
    stack.roleArn = changeSet.roleArn ?? stack.roleArn;
    stack.disableRollback = input.DisableRollback ?? false;
    stack.onFailure = changeSet.onFailure;
    stack.token = input.ClientRequestToken;
    changeSet.executionStatus = 'EXECUTE_COMPLETE';
    stack.changeSets.clear();
    start(engine, stack, changeSet, context);
    return {};
  };
}

function start(engine: Engine, stack: Stack, changeSet: ChangeSet, context: CallContext): void {
  const operator = operatorOf(engine, stack, context.caller);
  const { target, type, imports } = changeSet;
  const now = engine.store.now();
  if (type === 'IMPORT') {
    recordStack(stack, 'IMPORT_IN_PROGRESS', now, 'User Initiated');
    launch(engine, stack, () => runUpdate(engine, stack, target, operator, { kind: 'IMPORT', imports }));
    return;
  }
  if (stack.current === undefined) {
    stack.current = target;
    recordStack(stack, 'CREATE_IN_PROGRESS', now, 'User Initiated');
    launch(engine, stack, () => runCreate(engine, stack, target, operator));
    return;
  }
  recordStack(stack, 'UPDATE_IN_PROGRESS', now, 'User Initiated');
  launch(engine, stack, () => runUpdate(engine, stack, target, operator, { kind: 'UPDATE' }));
}

function remove(engine: Engine): Handler {
  return (input: DeleteChangeSetInput, context) => {
    try {
      const { stack, changeSet } = find(engine, input, context);
      stack.changeSets.delete(changeSet.id);
    } catch (error) {
      // Deleting a change set that is gone succeeds; one of a stack that never was does not.
      if (!(error instanceof ServiceError) || error.code !== 'ChangeSetNotFoundException') {
        throw error;
      }
      if (input.StackName !== undefined && !engine.store.find(input.StackName, context)) {
        throw validationError(`Stack [${input.StackName}] does not exist`);
      }
    }
    return {};
  };
}

function list(engine: Engine): Handler {
  return (input: ListChangeSetsInput, context) => {
    const stack = engine.store.find(input.StackName, context);
    if (!stack) {
      throw validationError(`Stack [${input.StackName}] does not exist`);
    }
    const page = paginate([...stack.changeSets.values()], {
      token: input.NextToken,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return {
      Summaries: page.items.map((changeSet) => ({
        StackId: stack.id,
        StackName: stack.name,
        ChangeSetId: changeSet.id,
        ChangeSetName: changeSet.name,
        ExecutionStatus: changeSet.executionStatus,
        Status: changeSet.status,
        StatusReason: changeSet.statusReason,
        CreationTime: changeSet.createdAt,
        Description: changeSet.description,
        IncludeNestedStacks: changeSet.includeNested,
        ImportExistingResources: changeSet.importExisting,
      })),
      NextToken: page.nextToken,
    };
  };
}

/** CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets. */
export function changeSetOperations(engine: Engine): Record<string, Handler> {
  return {
    CreateChangeSet: createChangeSet(engine),
    DescribeChangeSet: describe(engine),
    ExecuteChangeSet: execute(engine),
    DeleteChangeSet: remove(engine),
    ListChangeSets: list(engine),
    DescribeChangeSetHooks: (input: DescribeChangeSetInput, context) => {
      const { stack, changeSet } = find(engine, input, context);
      return {
        ChangeSetId: changeSet.id,
        ChangeSetName: changeSet.name,
        StackId: stack.id,
        StackName: stack.name,
        Hooks: [],
        Status: 'PLANNED',
      };
    },
  };
}
