import { reasonOf } from '../errors';
import { dependencyGraph } from '../template/references';
import { checkAttributes } from './attributeCheck';
import { definitionOf, deleteAll, failedSentence, wantedIds } from './create';
import { runGraph } from './graph';
import { evaluateOutputs, publishOutputs, recordImports } from './outputs';
import { recordStack } from './record';
import { goBack, rollBackUpdate } from './rollback';
import { type Engine, type Run, startRun } from './run';
import { stackPolicyRefusal } from './stackPolicy';
import type { Stack, StackResource, StackTarget } from './state';
import { createStep, importStep, updateStep } from './steps';

/** What tells an update apart from an import of resources. */
export interface UpdateOptions {
  readonly kind: 'UPDATE' | 'IMPORT';
  /** Physical identifiers of resources to import, by logical id. */
  readonly imports?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** A stack policy for this update only. */
  readonly policy?: string;
}

/** Brings a stack to its new target and, when something fails, back to the old one. Never throws. */
export async function runUpdate(
  engine: Engine,
  stack: Stack,
  target: StackTarget,
  operator: () => Promise<Run['caller']>,
  options: UpdateOptions,
): Promise<void> {
  stack.previous = stack.current;
  stack.current = target;
  stack.updatedAt = engine.store.now();
  stack.undo = [];
  stack.leftovers = [];
  let run: Run | undefined;
  try {
    run = startRun(engine, stack, target, await operator());
    checkAttributes(target.template);
    const problem = await changeAll(run, options);
    if (problem !== undefined) {
      await afterFailure(run, problem, options);
      return;
    }
    await finish(run, options);
  } catch (error) {
    const fallback = run ?? (await restoringRun(engine, stack, operator));
    await afterFailure(fallback, reasonOf(error), options);
  }
}

/** A run that can only put things back, for a target that does not evaluate. */
async function restoringRun(engine: Engine, stack: Stack, operator: () => Promise<Run['caller']>): Promise<Run> {
  const target = stack.previous as StackTarget;
  const caller = await operator().catch(() => stack.operator as Run['caller']);
  return { ...startRun(engine, stack, target, caller) };
}

async function changeAll(run: Run, options: UpdateOptions): Promise<string | undefined> {
  const { stack, target } = run;
  const graph = dependencyGraph(target.template);
  let updates = 0;
  const failures = await runGraph(
    wantedIds(run),
    (id) => graph.get(id) ?? [],
    (id) => {
      const definition = definitionOf(target.template, id);
      const before = stack.resources.get(id);
      const identifier = options.imports?.get(id);
      if (identifier) {
        return importStep(run, definition, identifier);
      }
      if (!before || before.status === 'DELETE_COMPLETE' || before.physicalId === undefined) {
        return createStep(run, definition);
      }
      updates += 1;
      stackPolicyRefusal(run, before, definition, options.policy);
      return updateStep(run, before, definition);
    },
    (count) => count > 0 || stack.cancelled,
  );
  if (failures.size > 0) {
    const created = [...failures.keys()].every((id) => stack.resources.get(id)?.status === 'CREATE_FAILED');
    return failedSentence(
      failures,
      options.kind === 'IMPORT' ? 'import' : created && updates >= 0 ? 'create' : 'update',
    );
  }
  return stack.cancelled ? 'User Initiated' : undefined;
}

async function afterFailure(run: Run, reason: string, { kind }: UpdateOptions): Promise<void> {
  const { stack, engine } = run;
  if (stack.disableRollback && !stack.cancelled) {
    recordStack(stack, 'UPDATE_FAILED', engine.store.now(), reason);
    return;
  }
  const status = kind === 'IMPORT' ? 'IMPORT_ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS';
  recordStack(stack, status, engine.store.now(), reason);
  goBack(stack);
  await rollBackUpdate(run, kind);
}

/** What the target no longer wants, and what replacements left behind. */
function unwanted(run: Run): StackResource[] {
  const wanted = new Set(wantedIds(run));
  const gone = [...run.stack.resources.values()].filter((resource) => !wanted.has(resource.logicalId));
  const replaced = run.stack.undo.flatMap((step) => (step.kind === 'replaced' ? [step.before] : []));
  return [...gone, ...replaced];
}

async function finish(run: Run, { kind }: UpdateOptions): Promise<void> {
  const { stack, engine } = run;
  publishOutputs(run, evaluateOutputs(run));
  recordImports(engine.store.regions.at(stack), stack, run.imports);
  if (kind === 'IMPORT') {
    stack.undo = [];
    recordStack(stack, 'IMPORT_COMPLETE', engine.store.now());
    return;
  }
  recordStack(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', engine.store.now());
  const standing = new Set(wantedIds(run));
  const leftovers = unwanted(run);
  stack.undo = [];
  // A failure to clean up leaves the resource behind; the update stands.
  await deleteAll(run, leftovers, (resource) => {
    const policy = standing.has(resource.logicalId) ? resource.updateReplacePolicy : resource.deletionPolicy;
    return policy === 'RetainExceptOnCreate' ? 'Retain' : policy;
  });
  for (const logicalId of [...stack.resources.keys()]) {
    if (!standing.has(logicalId)) {
      stack.resources.delete(logicalId);
    }
  }
  recordStack(stack, 'UPDATE_COMPLETE', engine.store.now());
}
