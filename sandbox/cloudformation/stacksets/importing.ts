import { randomUUID } from 'node:crypto';
import type { ImportStacksToStackSetInput } from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import type { Handler } from '../../core/service';
import { validationError } from '../errors';
import type { Engine } from '../stacks/run';
import type { Stack } from '../stacks/state';
import { fetchAccounts } from './accountsUrl';
import { repeated, requireIdle } from './launch';
import { cellKey, type Operation, type StackInstance, type StackSet } from './model';
import { checkPreferences } from './preferences';
import { sessionFor } from './sessions';
import type { StackSetStore } from './state';
import { checkAdministration } from './updates';

function stackOf(engine: Engine, id: string): Stack {
  const stack = engine.store.byArn(id);
  if (!stack || stack.status === 'DELETE_COMPLETE') {
    throw new ServiceError('StackNotFoundException', `Stack ${id} not found`, 404);
  }
  return stack;
}

function instanceFor(stack: Stack, organizationalUnitId: string | undefined): StackInstance {
  return {
    accountId: stack.accountId,
    region: stack.region,
    stackId: stack.id,
    status: 'OUTDATED',
    detailedStatus: 'PENDING',
    overrides: new Map([...(stack.current?.parameters ?? [])].map(([name, { text }]) => [name, text])),
    organizationalUnitId,
    driftStatus: 'NOT_CHECKED',
  };
}

/** An import touches no resource: it only checks that the set may work on the stack and that it is of its template. */
async function importOne(engine: Engine, set: StackSet, operation: Operation, instance: StackInstance): Promise<void> {
  const key = cellKey(instance.accountId, instance.region);
  const result = operation.results.get(key);
  instance.lastOperationId = operation.id;
  try {
    await sessionFor(engine.world, set, operation, instance.accountId);
    const stack = stackOf(engine, instance.stackId ?? '');
    const same = JSON.stringify(stack.current?.template.root) === JSON.stringify(set.current.template.root);
    if (!same) {
      throw validationError(`Stack ${stack.id} does not have the template of StackSet ${set.name}`);
    }
    Object.assign(instance, { status: 'CURRENT', detailedStatus: 'SUCCEEDED' });
    Object.assign(result ?? {}, { status: 'SUCCEEDED' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    Object.assign(instance, { detailedStatus: 'FAILED_IMPORT', statusReason: reason });
    Object.assign(result ?? {}, { status: 'FAILED', reason });
  }
}

async function run(
  engine: Engine,
  set: StackSet,
  operation: Operation,
  instances: readonly StackInstance[],
): Promise<void> {
  for (const instance of instances) {
    await importOne(engine, set, operation, instance);
  }
  operation.sessions.clear();
  operation.endedAt = engine.store.now();
  const failed = [...operation.results.values()].some((result) => result.status === 'FAILED');
  operation.status = failed ? 'FAILED' : 'SUCCEEDED';
}

function importStacks(engine: Engine, store: StackSetStore): Handler {
  return async (input: ImportStacksToStackSetInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const preferences = checkPreferences(input.OperationPreferences);
    const known = repeated(set, { operationId: input.OperationId, input });
    if (known) {
      return { OperationId: known.id };
    }
    requireIdle(set);
    const ids = [...(input.StackIds ?? []), ...(await fetchAccounts(input.StackIdsUrl, context))];
    if (ids.length === 0) {
      throw validationError('StackIds or StackIdsUrl must be specified.');
    }
    if (ids.length > 10 && input.StackIdsUrl === undefined) {
      throw validationError('You can import up to 10 stacks at a time with StackIds.');
    }
    await checkAdministration(engine, set);
    const [unit] = input.OrganizationalUnitIds ?? [];
    const instances = ids.map((id) => instanceFor(stackOf(engine, id), unit));
    const operation: Operation = {
      id: input.OperationId ?? randomUUID(),
      action: 'CREATE',
      status: 'RUNNING',
      createdAt: engine.store.now(),
      preferences,
      retainStacks: false,
      results: new Map(
        instances.map(({ accountId, region }) => [
          cellKey(accountId, region),
          { accountId, region, status: 'PENDING' },
        ]),
      ),
      fingerprint: JSON.stringify(input),
      stopping: false,
      sessions: new Map(),
    };
    set.operations.set(operation.id, operation);
    for (const instance of instances) {
      set.instances.set(cellKey(instance.accountId, instance.region), instance);
    }
    engine.world.later(1, () => run(engine, set, operation, instances));
    return { OperationId: operation.id };
  };
}

/** ImportStacksToStackSet. */
export function importOperations(engine: Engine, store: StackSetStore): Record<string, Handler> {
  return { ImportStacksToStackSet: importStacks(engine, store) };
}
