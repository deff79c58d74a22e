import { reasonOf } from '../errors';
import type { ResourceDefinition, Template } from '../template/model';
import { dependencyGraph } from '../template/references';
import { isWanted } from '../template/scope';
import { checkAttributes } from './attributeCheck';
import { finishDeletion } from './delete';
import { dependentsOf, runGraph } from './graph';
import { evaluateOutputs, publishOutputs, recordImports } from './outputs';
import { recordStack } from './record';
import { type Engine, type Run, startRun } from './run';
import type { Stack, StackResource, StackTarget } from './state';
import { createStep, deleteStep } from './steps';

export function definitionOf(template: Template, logicalId: string): ResourceDefinition {
  return template.resources.get(logicalId) as ResourceDefinition;
}

/** Logical ids of the resources that the conditions let stand. */
export function wantedIds(run: Run): string[] {
  return [...run.target.template.resources.values()]
    .filter((definition) => isWanted(definition, run.scope))
    .map((definition) => definition.logicalId);
}

export function failedSentence(failures: ReadonlyMap<string, unknown>, what: string): string {
  return `The following resource(s) failed to ${what}: [${[...failures.keys()].join(', ')}]. `;
}

function pastDeadline(engine: Engine, stack: Stack, startedAt: number): boolean {
  return stack.timeoutMinutes !== undefined && engine.store.now().getTime() - startedAt > stack.timeoutMinutes * 60_000;
}

/** Creates everything in a new stack and rolls back when something fails. Never throws. */
export async function runCreate(
  engine: Engine,
  stack: Stack,
  target: StackTarget,
  operator: () => Promise<Run['caller']>,
) {
  const startedAt = engine.store.now().getTime();
  stack.current = target;
  stack.undo = [];
  let run: Run | undefined;
  try {
    run = startRun(engine, stack, target, await operator());
    checkAttributes(target.template);
    const problem = await createAll(run, () => stack.cancelled || pastDeadline(engine, stack, startedAt));
    if (problem === undefined) {
      publishOutputs(run, evaluateOutputs(run));
      recordImports(engine.store.regions.at(stack), stack, run.imports);
      stack.undo = [];
      recordStack(stack, 'CREATE_COMPLETE', engine.store.now());
      return;
    }
    await afterFailure(run, `${problem}Rollback requested by user.`);
  } catch (error) {
    const reason = reasonOf(error);
    const ending = reason.endsWith('Rollback requested by user.') ? '' : ' Rollback requested by user.';
    await afterFailure(run, reason + ending, { engine, stack });
  }
}

async function createAll(run: Run, late: () => boolean): Promise<string | undefined> {
  const graph = dependencyGraph(run.target.template);
  const failures = await runGraph(
    wantedIds(run),
    (id) => graph.get(id) ?? [],
    (id) => createStep(run, definitionOf(run.target.template, id)),
    (count) => count > 0 || late(),
  );
  if (failures.size > 0) {
    return failedSentence(failures, 'create');
  }
  if (run.stack.cancelled) {
    return 'Resource creation cancelled. ';
  }
  return late() ? 'Stack creation time exceeded the specified timeout. ' : undefined;
}

async function afterFailure(
  run: Run | undefined,
  reason: string,
  where: Pick<Run, 'engine' | 'stack'> = run as Run,
): Promise<void> {
  const { engine, stack } = where;
  if (stack.disableRollback || stack.onFailure === 'DO_NOTHING') {
    recordStack(stack, 'CREATE_FAILED', engine.store.now(), reason.replace(/\.? ?Rollback requested by user\.$/, '.'));
    return;
  }
  const deleting = stack.onFailure === 'DELETE';
  recordStack(stack, deleting ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', engine.store.now(), reason);
  await rollBackCreation(run, where, deleting);
}

/** Removes what a creation has made. */
export async function rollBackCreation(
  run: Run | undefined,
  { engine, stack }: Pick<Run, 'engine' | 'stack'>,
  deleting: boolean,
): Promise<void> {
  // CloudFormation counts a creation that is taken back as a deletion.
  stack.deletedAt = engine.store.now();
  const failures = run
    ? await deleteAll(run, [...stack.resources.values()], (resource) => resource.deletionPolicy)
    : new Map();
  if (failures.size > 0) {
    const reason = failedSentence(failures, 'delete');
    recordStack(stack, deleting ? 'DELETE_FAILED' : 'ROLLBACK_FAILED', engine.store.now(), reason);
    return;
  }
  stack.undo = [];
  if (deleting) {
    finishDeletion(engine, stack);
  } else {
    recordStack(stack, 'ROLLBACK_COMPLETE', engine.store.now());
  }
}

/** Deletes resources, those that others need last. */
export function deleteAll(
  run: Run,
  resources: readonly StackResource[],
  policy: (resource: StackResource) => string | undefined,
): Promise<Map<string, unknown>> {
  const standing = resources.filter((resource) => resource.status !== 'DELETE_COMPLETE');
  const byId = new Map(standing.map((resource) => [resource.logicalId, resource]));
  const needs = (id: string) => byId.get(id)?.dependencies ?? [];
  return runGraph(
    byId.keys(),
    dependentsOf(byId.keys(), needs),
    (id) => {
      const resource = byId.get(id) as StackResource;
      return deleteStep(run, resource, policy(resource));
    },
    () => false,
  );
}
