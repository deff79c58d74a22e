import { randomUUID } from 'node:crypto';
import type { StackSetOperationAction, StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import type { Engine } from '../stacks/run';
import { workOn } from './cell';
import { driftDetails } from './driftDetails';
import { cellKey, type DeploymentTarget, type Operation, type StackInstance, type StackSet } from './model';
import { describePreferences } from './preferences';
import { Gate, runSchedule } from './schedule';

/** How much runs at once in one local organization: the work is this process's own. */
const widthOfAll = 24;
const gates = new WeakMap<object, Gate>();

function gateOf(engine: Engine): Gate {
  let gate = gates.get(engine);
  if (!gate) {
    gate = new Gate(widthOfAll);
    gates.set(engine, gate);
  }
  return gate;
}

export interface OperationRequest {
  readonly action: StackSetOperationAction;
  readonly operationId?: string;
  readonly preferences: StackSetOperationPreferences;
  readonly retainStacks?: boolean;
  readonly deploymentTargets?: DeploymentTarget;
  readonly input: unknown;
}

/**
 * An operation of the same id that already stands, when the request is a repetition of it.
 *
 * @throws ServiceError `OperationIdAlreadyExistsException`
 */
export function repeated(
  set: StackSet,
  request: Pick<OperationRequest, 'operationId' | 'input'>,
): Operation | undefined {
  const known = request.operationId === undefined ? undefined : set.operations.get(request.operationId);
  if (known && known.fingerprint !== JSON.stringify(request.input)) {
    throw new ServiceError('OperationIdAlreadyExistsException', `Operation with id ${known.id} already exists`, 409);
  }
  return known;
}

function running(set: StackSet): Operation[] {
  return [...set.operations.values()].filter((each) => each.status === 'RUNNING' || each.status === 'STOPPING');
}

/** One operation at a time, unless managed execution queues them. @throws ServiceError `OperationInProgressException` */
export function requireIdle(set: StackSet): void {
  const [busy] = running(set);
  if (busy && !set.managedExecution) {
    throw new ServiceError(
      'OperationInProgressException',
      `Another Operation on StackSet ${set.arn} is in progress: ${busy.id}`,
      409,
    );
  }
}

function overlaps(set: StackSet, operation: Operation): boolean {
  const others = [...running(set), ...set.queue.map((each) => each.operation)].filter((each) => each !== operation);
  return others.some((other) => {
    const [small, large] = other.results.size < operation.results.size ? [other, operation] : [operation, other];
    return [...small.results.keys()].some((key) => large.results.has(key));
  });
}

function newOperation(engine: Engine, request: OperationRequest, cells: readonly StackInstance[]): Operation {
  return {
    id: request.operationId ?? randomUUID(),
    action: request.action,
    status: 'RUNNING',
    createdAt: engine.store.now(),
    preferences: describePreferences(request.preferences),
    retainStacks: request.retainStacks ?? false,
    deploymentTargets: request.deploymentTargets,
    results: new Map(
      cells.map(({ accountId, region, organizationalUnitId }) => [
        cellKey(accountId, region),
        { accountId, region, organizationalUnitId, status: 'PENDING' },
      ]),
    ),
    fingerprint: JSON.stringify(request.input),
    stopping: false,
    sessions: new Map(),
  };
}

/** Instances that were never reached say so. */
function markCancelled(set: StackSet, operation: Operation): void {
  for (const [key, result] of operation.results) {
    const instance = set.instances.get(key);
    if (result.status === 'CANCELLED' && instance && instance.detailedStatus !== 'SKIPPED_SUSPENDED_ACCOUNT') {
      instance.detailedStatus = 'CANCELLED';
      instance.statusReason = result.reason;
      instance.lastOperationId = operation.id;
    }
  }
}

async function execute(engine: Engine, set: StackSet, operation: Operation): Promise<void> {
  operation.status = operation.stopping ? 'STOPPING' : 'RUNNING';
  const exceeded = await runSchedule(operation, gateOf(engine), (result) => workOn(engine, set, operation, result));
  markCancelled(set, operation);
  operation.endedAt = engine.store.now();
  operation.sessions.clear();
  if (operation.action === 'DETECT_DRIFT') {
    set.drift = driftDetails(set, operation);
    operation.drift = set.drift;
  }
  operation.status = operation.stopping ? 'STOPPED' : exceeded ? 'FAILED' : 'SUCCEEDED';
  startWaiting(set);
}

/** Starts whatever no longer stands in another operation's way. */
function startWaiting(set: StackSet): void {
  for (const waiting of [...set.queue]) {
    const earlier = set.queue.slice(0, set.queue.indexOf(waiting)).map((each) => each.operation);
    const blocked = [...running(set), ...earlier].some((other) =>
      [...other.results.keys()].some((key) => waiting.operation.results.has(key)),
    );
    if (!blocked) {
      set.queue.splice(set.queue.indexOf(waiting), 1);
      waiting.start();
    }
  }
}

/** Starts an operation on instances, or puts it in the queue behind those it would touch. */
export function launchOperation(
  engine: Engine,
  set: StackSet,
  request: OperationRequest,
  cells: readonly StackInstance[],
): Operation {
  const operation = newOperation(engine, request, cells);
  const start = () => {
    operation.status = 'RUNNING';
    engine.world.later(1, () => execute(engine, set, operation));
  };
  set.operations.set(operation.id, operation);
  for (const instance of cells) {
    instance.detailedStatus = 'PENDING';
  }
  if (overlaps(set, operation)) {
    operation.status = 'QUEUED';
    set.queue.push({ operation, start });
  } else {
    start();
  }
  return operation;
}
