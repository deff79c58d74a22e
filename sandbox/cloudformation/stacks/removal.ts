import { reasonOf } from '../errors';
import { deleteAll, failedSentence } from './create';
import { finishDeletion } from './delete';
import { importersOf } from './outputs';
import { recordStack } from './record';
import { type Engine, type Run, startRun } from './run';
import type { Stack } from './state';

/** An export of the stack that another stack imports, and by which ones. */
function usedExport(engine: Engine, stack: Stack): { name: string; users: string[] } | undefined {
  const region = engine.store.regions.at(stack);
  for (const output of stack.outputs) {
    const users = output.exportName === undefined ? [] : importersOf(region, output.exportName);
    if (output.exportName !== undefined && users.length > 0) {
      return { name: output.exportName, users };
    }
  }
  return undefined;
}

/** From here on the stack is seen to go. Answers the status that it had. */
export function beginDeletion(engine: Engine, stack: Stack): Stack['status'] {
  const before = stack.status;
  recordStack(stack, 'DELETE_IN_PROGRESS', engine.store.now(), 'User Initiated');
  return before;
}

/** Deletes a stack's resources and the stack, which was in the status `before`. Never throws. */
export async function runDelete(
  engine: Engine,
  stack: Stack,
  retain: readonly string[],
  operator: () => Promise<Run['caller']>,
  before = beginDeletion(engine, stack),
): Promise<void> {
  const used = usedExport(engine, stack);
  if (used) {
    const reason = `Delete canceled. Cannot delete export ${used.name} as it is in use by ${used.users.join(', ')}.`;
    recordStack(stack, before === 'DELETE_FAILED' ? 'DELETE_FAILED' : before, engine.store.now(), reason);
    return;
  }
  try {
    const failures = await deleteResources(engine, stack, retain, await operator());
    if (failures.size > 0) {
      recordStack(stack, 'DELETE_FAILED', engine.store.now(), failedSentence(failures, 'delete'));
      return;
    }
    finishDeletion(engine, stack);
  } catch (error) {
    recordStack(stack, 'DELETE_FAILED', engine.store.now(), reasonOf(error));
  }
}

async function deleteResources(
  engine: Engine,
  stack: Stack,
  retain: readonly string[],
  caller: Run['caller'],
): Promise<Map<string, unknown>> {
  if (!stack.current || stack.resources.size === 0) {
    return new Map();
  }
  const run = deletionRun(engine, stack, caller);
  const kept = new Set(retain);
  return deleteAll(run, [...stack.resources.values()], (resource) => {
    if (kept.has(resource.logicalId)) {
      return 'Retain';
    }
    return resource.deletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : resource.deletionPolicy;
  });
}

/** Deleting needs no template functions, so an import that is gone by now does not matter. */
function deletionRun(engine: Engine, stack: Stack, caller: Run['caller']): Run {
  const target = stack.current as NonNullable<Stack['current']>;
  try {
    return startRun(engine, stack, target, caller);
  } catch {
    const scope = {
      template: target.template,
      parameters: new Map(),
      conditions: new Map(),
    } as unknown as Run['scope'];
    return { engine, stack, target, scope, caller, imports: new Set() };
  }
}
