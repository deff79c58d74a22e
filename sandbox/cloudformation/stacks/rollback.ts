import { deleteAll, failedSentence, rollBackCreation } from './create';
import { recordStack } from './record';
import { type Engine, type Run, startRun } from './run';
import type { Stack, StackResource, Undo } from './state';
import { restoreStep } from './steps';

/** What the stack was before the update is what it shall be again. */
export function goBack(stack: Stack): void {
  const failed = stack.current;
  stack.current = stack.previous ?? failed;
  stack.previous = failed;
}

/**
 * Takes an update back, newest step first, then removes what it had made.
 *
 * @param skip logical ids that are taken as they are (`ContinueUpdateRollback`)
 */
export async function rollBackUpdate(run: Run, kind: 'UPDATE' | 'IMPORT', skip: readonly string[] = []): Promise<void> {
  const { stack, engine } = run;
  const made: StackResource[] = [];
  const failures = new Map<string, unknown>();
  const left: Undo[] = [];
  for (const step of stack.undo.reverse()) {
    await takeBack(run, step, { made, failures, left, skip });
  }
  stack.undo = left.reverse();
  if (failures.size > 0) {
    const reason = failedSentence(failures, 'update');
    recordStack(
      stack,
      kind === 'IMPORT' ? 'IMPORT_ROLLBACK_FAILED' : 'UPDATE_ROLLBACK_FAILED',
      engine.store.now(),
      reason,
    );
    return;
  }
  dropUnmade(stack);
  if (kind === 'IMPORT') {
    recordStack(stack, 'IMPORT_ROLLBACK_COMPLETE', engine.store.now());
    return;
  }
  recordStack(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', engine.store.now());
  await deleteAll(run, made, (resource) => (resource.deletionPolicy === 'Retain' ? 'Retain' : undefined));
  for (const resource of made) {
    if (stack.resources.get(resource.logicalId) === resource) {
      stack.resources.delete(resource.logicalId);
    }
  }
  recordStack(stack, 'UPDATE_ROLLBACK_COMPLETE', engine.store.now());
}

interface Taking {
  readonly made: StackResource[];
  readonly failures: Map<string, unknown>;
  readonly left: Undo[];
  readonly skip: readonly string[];
}

async function takeBack(run: Run, step: Undo, taking: Taking): Promise<void> {
  const { logicalId } = step.resource;
  if (step.kind === 'created') {
    taking.made.push(step.resource);
    return;
  }
  if (step.kind === 'replaced') {
    taking.made.push(step.resource);
    run.stack.resources.set(logicalId, step.before);
    return;
  }
  if (taking.skip.includes(logicalId)) {
    run.stack.resources.set(logicalId, { ...step.before, status: 'UPDATE_COMPLETE' });
    return;
  }
  try {
    await restoreStep(run, step.resource, step.before);
  } catch (error) {
    taking.failures.set(logicalId, error);
    taking.left.push(step);
  }
}

/** Records of resources that never came to stand. */
function dropUnmade(stack: Stack): void {
  for (const [logicalId, resource] of stack.resources) {
    if (resource.physicalId === undefined) {
      stack.resources.delete(logicalId);
    }
  }
}

/** `ContinueUpdateRollback`: tries the steps that failed once more. Never throws. */
export async function runContinueRollback(
  engine: Engine,
  stack: Stack,
  skip: readonly string[],
  operator: () => Promise<Run['caller']>,
): Promise<void> {
  const run = startRun(engine, stack, stack.current as NonNullable<Stack['current']>, await operator());
  recordStack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', engine.store.now(), 'User Initiated');
  await rollBackUpdate(run, 'UPDATE', skip);
}

/** `RollbackStack`: after a failure that was kept (`DisableRollback`). Never throws. */
export async function runRollback(engine: Engine, stack: Stack, operator: () => Promise<Run['caller']>): Promise<void> {
  const created = stack.status === 'CREATE_FAILED';
  const run = startRun(engine, stack, stack.current as NonNullable<Stack['current']>, await operator());
  recordStack(
    stack,
    created ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS',
    engine.store.now(),
    'User Initiated',
  );
  if (created) {
    await rollBackCreation(run, { engine, stack }, false);
  } else {
    goBack(stack);
    await rollBackUpdate(run, 'UPDATE');
  }
}
