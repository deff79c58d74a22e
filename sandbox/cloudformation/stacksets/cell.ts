import { randomUUID } from 'node:crypto';
import type { DescribeStackDriftDetectionStatusCommandOutput, Parameter } from '@aws-sdk/client-cloudformation';
import { tagList } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import type { Caller } from '../../core/service';
import { validationError } from '../errors';
import type { Engine } from '../stacks/run';
import type { Stack } from '../stacks/state';
import { cellKey, type Operation, type OperationResult, type StackInstance, type StackSet } from './model';
import type { CellOutcome } from './schedule';
import { sessionFor } from './sessions';

/** Everything that work on one account and region needs. */
interface Cell {
  readonly engine: Engine;
  readonly set: StackSet;
  readonly operation: Operation;
  readonly instance: StackInstance;
  readonly session: Caller;
}

function parametersOf(set: StackSet, instance: StackInstance): Parameter[] {
  return [...set.current.parameters.values()].map(({ definition, text }) => ({
    ParameterKey: definition.name,
    ParameterValue: instance.overrides.get(definition.name) ?? text,
  }));
}

function call<Output>(cell: Cell, operation: string, input: Record<string, unknown>): Promise<Output> {
  const { engine, instance, session } = cell;
  const { accountId, region } = instance;
  return engine.world.call<Output>('cloudformation', operation, input, {
    caller: session,
    region,
    accountId,
    via: 'cloudformation.amazonaws.com',
  });
}

function definition({ set, instance }: Cell): Record<string, unknown> {
  const { template, tags, capabilities } = set.current;
  return {
    TemplateBody: template.body,
    Parameters: parametersOf(set, instance),
    Capabilities: [...capabilities],
    Tags: tagList(tags),
  };
}

/** Waits for the stack's operation and looks at it as the session may. */
async function settled(cell: Cell, stackId: string): Promise<Stack> {
  const stack = cell.engine.store.byArn(stackId);
  await stack?.settled;
  await call(cell, 'DescribeStacks', { StackName: stackId });
  return stack as Stack;
}

const failedResource = /_FAILED$/;

/**
 * What went wrong in a stack, in StackSets' words: the first resource that failed since the operation began.
 *
 * @throws ServiceError when the session may not look at the stack's events
 */
async function failureReason(cell: Cell, stack: Stack): Promise<string> {
  await call(cell, 'DescribeStackEvents', { StackName: stack.id });
  const lastStart = stack.events.findLastIndex(
    (event) => event.logicalId === stack.name && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(event.status),
  );
  const event = stack.events
    .slice(lastStart)
    .find((each) => failedResource.test(each.status) && each.physicalId !== stack.id);
  return event
    ? `ResourceLogicalId:${event.logicalId}, ResourceType:${event.type}, ResourceStatusReason:${event.reason}.`
    : (stack.statusReason ?? `Stack is in ${stack.status} state.`);
}

async function create(cell: Cell): Promise<void> {
  const { set, instance } = cell;
  const { StackId } = await call<{ StackId: string }>(cell, 'CreateStack', {
    StackName: `StackSet-${set.name}-${randomUUID()}`.slice(0, 128),
    ...definition(cell),
  });
  instance.stackId = StackId;
  const stack = await settled(cell, StackId);
  if (stack.status !== 'CREATE_COMPLETE') {
    throw validationError(await failureReason(cell, stack));
  }
}

async function remove(cell: Cell, stack: Stack): Promise<void> {
  await call(cell, 'DeleteStack', { StackName: stack.id });
  const after = cell.engine.store.byArn(stack.id);
  await after?.settled;
  if (stack.status !== 'DELETE_COMPLETE') {
    throw validationError(await failureReason(cell, stack));
  }
}

/** A creation that failed leaves a stack that only can be deleted. */
const onlyDeletable = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED']);

async function update(cell: Cell, stack: Stack): Promise<void> {
  try {
    await call(cell, 'UpdateStack', { StackName: stack.id, ...definition(cell) });
  } catch (error) {
    if (error instanceof ServiceError && error.message === 'No updates are to be performed.') {
      return;
    }
    throw error;
  }
  await settled(cell, stack.id);
  if (stack.status !== 'UPDATE_COMPLETE') {
    throw validationError(await failureReason(cell, stack));
  }
}

/** Makes the instance's stack what the set says, however it stands now. */
async function deploy(cell: Cell): Promise<void> {
  const { engine, instance } = cell;
  const stack = instance.stackId === undefined ? undefined : engine.store.byArn(instance.stackId);
  if (!stack || stack.status === 'DELETE_COMPLETE') {
    await create(cell);
    return;
  }
  if (onlyDeletable.has(stack.status)) {
    await remove(cell, stack);
    await create(cell);
    return;
  }
  await update(cell, stack);
}

async function withdraw(cell: Cell): Promise<void> {
  const { engine, set, instance, operation } = cell;
  const stack = instance.stackId === undefined ? undefined : engine.store.byArn(instance.stackId);
  if (stack && stack.status !== 'DELETE_COMPLETE' && !operation.retainStacks) {
    await remove(cell, stack);
  }
  set.instances.delete(cellKey(instance.accountId, instance.region));
}

/** @throws ServiceError `ValidationError` when what stands cannot be read */
async function detectStackDrift(cell: Cell, stack: Stack): Promise<void> {
  const detection = await call<{ StackDriftDetectionId: string }>(cell, 'DetectStackDrift', { StackName: stack.id });
  for (let wait = 4; ; wait = Math.min(64, wait * 2)) {
    const { DetectionStatus, DetectionStatusReason } = await call<DescribeStackDriftDetectionStatusCommandOutput>(
      cell,
      'DescribeStackDriftDetectionStatus',
      detection,
    );
    if (DetectionStatus === 'DETECTION_COMPLETE') {
      break;
    }
    if (DetectionStatus === 'DETECTION_FAILED') {
      throw validationError(DetectionStatusReason ?? 'Drift detection failed.');
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await call(cell, 'DescribeStackResourceDrifts', { StackName: stack.id });
}

async function checkDrift(cell: Cell): Promise<void> {
  const { engine, instance } = cell;
  const stack = instance.stackId === undefined ? undefined : engine.store.byArn(instance.stackId);
  instance.driftCheckedAt = engine.store.now();
  if (!stack || stack.status === 'DELETE_COMPLETE') {
    instance.driftStatus = 'DRIFTED';
    return;
  }
  await detectStackDrift(cell, stack);
  instance.driftStatus = stack.drift.status === 'DRIFTED' ? 'DRIFTED' : 'IN_SYNC';
}

/** Why nothing can be done in a region of an account; `undefined` when it can. */
function regionProblem(cell: { engine: Engine; instance: StackInstance }): string | undefined {
  const { accountId, region } = cell.instance;
  const account = cell.engine.world.accounts.get(accountId);
  return account && !account.enabledRegions.has(region)
    ? `Region ${region} is not enabled in account ${accountId}.`
    : undefined;
}

async function act(cell: Cell): Promise<void> {
  const { action } = cell.operation;
  if (action === 'DELETE') {
    await withdraw(cell);
  } else if (action === 'DETECT_DRIFT') {
    await checkDrift(cell);
  } else {
    await deploy(cell);
  }
}

function succeed(cell: Pick<Cell, 'instance' | 'operation'>): CellOutcome {
  const { instance, operation } = cell;
  if (operation.action !== 'DETECT_DRIFT') {
    instance.status = 'CURRENT';
    instance.statusReason = undefined;
  }
  instance.detailedStatus = 'SUCCEEDED';
  return { status: 'SUCCEEDED' };
}

function fail(cell: Pick<Cell, 'instance' | 'operation'>, reason: string): CellOutcome {
  const { instance, operation } = cell;
  if (operation.action !== 'DETECT_DRIFT') {
    instance.status = operation.action === 'DELETE' ? 'INOPERABLE' : 'OUTDATED';
  }
  instance.detailedStatus = operation.action === 'DELETE' ? 'INOPERABLE' : 'FAILED';
  instance.statusReason = reason;
  return { status: 'FAILED', reason };
}

/** Work of an operation in one account and region. Never throws. */
export async function workOn(
  engine: Engine,
  set: StackSet,
  operation: Operation,
  result: OperationResult,
): Promise<CellOutcome> {
  const instance = set.instances.get(cellKey(result.accountId, result.region));
  if (!instance) {
    return { status: 'SUCCEEDED' };
  }
  instance.lastOperationId = operation.id;
  const retained = operation.action === 'DELETE' && operation.retainStacks;
  const account = engine.world.accounts.get(result.accountId);
  if (set.permissionModel === 'SERVICE_MANAGED' && account?.status !== 'ACTIVE' && !retained) {
    const reason = `Account ${result.accountId} is suspended`;
    instance.detailedStatus = 'SKIPPED_SUSPENDED_ACCOUNT';
    instance.statusReason = reason;
    return { status: 'CANCELLED', reason };
  }
  instance.detailedStatus = 'RUNNING';
  try {
    if (retained) {
      set.instances.delete(cellKey(result.accountId, result.region));
      return { status: 'SUCCEEDED' };
    }
    const problem = regionProblem({ engine, instance });
    if (problem !== undefined) {
      return fail({ instance, operation }, problem);
    }
    const session = await sessionFor(engine.world, set, operation, result.accountId);
    await act({ engine, set, operation, instance, session });
    return succeed({ instance, operation });
  } catch (error) {
    return fail({ instance, operation }, error instanceof Error ? error.message : String(error));
  }
}
