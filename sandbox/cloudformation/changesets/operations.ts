import type {
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
} from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import { paginate } from '../../core/paginate';
import type { CallContext, Handler } from '../../core/service';
import { checkConstraints } from '../constraints';
import { validationError } from '../errors';
import { runCreate } from '../stacks/create';
import { launch } from '../stacks/launch';
import { requireUpdatable } from '../stacks/operations';
import { recordStack } from '../stacks/record';
import { operatorOf } from '../stacks/request';
import type { Engine } from '../stacks/run';
import type { Stack } from '../stacks/state';
import { runUpdate } from '../stacks/update';
import { namedAlone } from '../strangers';
import { createChangeSet } from './creation';
import { describeChangeSet } from './describe';
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
      const changeSet = stack.changeSets.get(name) ?? stack.executed.get(name);
      if (changeSet) {
        return { stack, changeSet };
      }
    }
    throw notFound(name);
  }
  const alone = input.StackName === undefined ? namedAlone(context, engine.store, name) : undefined;
  if (alone) {
    return alone;
  }
  if (input.StackName === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stack = engine.store.find(input.StackName, context);
  if (!stack) {
    throw validationError(`Stack [${input.StackName}] does not exist`);
  }
  const changeSet = [...stack.changeSets.values()].find((each) => each.name === name);
  if (!changeSet) {
    throw notFound(name);
  }
  return { stack, changeSet };
}

/** Values only for those who ask for them. */
function withoutValues(change: ChangeSet['changes'][number]): ChangeSet['changes'][number] {
  const { BeforeContext: _before, AfterContext: _after, ...resource } = change.ResourceChange ?? {};
  const Replacement = resource.Action === 'Modify' ? resource.Replacement : undefined;
  const Details = resource.Details?.map((detail) => {
    const { Attribute, Name, RequiresRecreation } = detail.Target ?? {};
    return { ...detail, Target: { Attribute, Name, RequiresRecreation } };
  });
  return { ...change, ResourceChange: { ...resource, Replacement, Details } };
}

function describe(engine: Engine): Handler {
  return (input: DescribeChangeSetInput, context) => {
    checkConstraints([['changeSetName', input.ChangeSetName, { required: true, minimum: 1 }]]);
    const { stack, changeSet } = find(engine, input, context);
    // Whoever sees values sees which attributes stay as they are.
    const shown = input.IncludePropertyValues
      ? changeSet.changes
      : [...changeSet.changes.map(withoutValues), ...changeSet.dependents];
    const page = paginate(shown, { token: input.NextToken, maximum: 200, invalidCode: 'ValidationError' });
    return {
      ...describeChangeSet(stack, changeSet),
      Changes: page.items,
      NextToken: page.nextToken,
    };
  };
}

function execute(engine: Engine): Handler {
  return (input: ExecuteChangeSetInput, context) => {
    const { stack, changeSet } = find(engine, input, context);
    if (input.ClientRequestToken !== undefined && changeSet.executionToken === input.ClientRequestToken) {
      return {};
    }
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
    changeSet.executionToken = input.ClientRequestToken;
    stack.changeSets.clear();
    stack.executed.set(changeSet.id, changeSet);
    stack.changeSetId = changeSet.id;
    stack.updatedAt = engine.store.now();
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
        ImportExistingResources: changeSet.importExisting || undefined,
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
