import { type Failure, failureOf } from './failures';
import { type Call, canonical, type Json, resolved, type Saved, type Step, valueAt } from './plan';
import type { Send } from './send';

/** What became of a step. */
export interface StepOutcome {
  readonly does: string;
  readonly call: string;
  readonly result: 'done' | 'settled' | 'changed' | 'failed' | 'skipped';
  readonly failure?: Failure;
}

/** How far a plan has come: kept in the record, so that whoever takes over goes on from there. */
export interface Progress {
  readonly outcomes: readonly StepOutcome[];
  readonly saved: Saved;
}

export type ActResult =
  | { readonly kind: 'finished'; readonly progress: Progress }
  /** AWS asks to wait, or time is up. */
  | { readonly kind: 'later'; readonly progress: Progress; readonly failure?: Failure }
  /** The resource changed: look again. */
  | { readonly kind: 'stale'; readonly progress: Progress; readonly failure: Failure };

export interface ActTools {
  readonly send: Send;
  /** Called after every step that changed something. */
  readonly note: (progress: Progress) => Promise<void>;
  /** False when there is no time for another step. */
  readonly hasTime: () => boolean;
  /** An earlier attempt died here: what its next step finds done may be its own work. */
  readonly resumed?: boolean;
}

export const noProgress: Progress = { outcomes: [], saved: {} };

/** Does the steps in their order, from where an earlier attempt left off. */
export async function act(steps: readonly Step[], before: Progress, tools: ActTools): Promise<ActResult> {
  let progress = before;
  for (const step of steps.slice(progress.outcomes.length)) {
    const isBroken = progress.outcomes.some(({ result }, index) => result === 'failed' && steps[index]?.goOn !== true);
    if (isBroken) {
      progress = added(progress, outcomeOf(step, 'skipped'));
      continue;
    }
    if (!tools.hasTime()) {
      return { kind: 'later', progress };
    }
    const isFirst = progress === before;
    const done = await attempt(step, progress.saved, tools.send);
    if (done.kind === 'stale' && tools.resumed && isFirst) {
      progress = added(progress, outcomeOf(step, 'done'));
      continue;
    }
    if (done.kind !== 'step') {
      return { ...done, progress };
    }
    progress = added(progress, done.outcome, step.save === undefined ? undefined : { [step.save]: done.answer });
    if (step.reads !== true || step.save !== undefined) {
      await tools.note(progress);
    }
  }
  return { kind: 'finished', progress };
}

function added({ outcomes, saved }: Progress, outcome: StepOutcome, more?: Saved): Progress {
  return { outcomes: [...outcomes, outcome], saved: { ...saved, ...more } };
}

type Attempted =
  | { readonly kind: 'step'; readonly outcome: StepOutcome; readonly answer?: Json }
  | { readonly kind: 'later' | 'stale'; readonly failure: Failure };

async function attempt(step: Step, saved: Saved, send: Send): Promise<Attempted> {
  try {
    if (step.guard !== undefined && !(await holds(step.guard, saved, send))) {
      return { kind: 'step', outcome: outcomeOf(step, 'changed') };
    }
    const answer = await send(callOf(step, saved));
    return { kind: 'step', outcome: outcomeOf(step, 'done'), answer: step.save ? withoutMetadata(answer) : undefined };
  } catch (error) {
    const failure = failureOf(error);
    if (step.settles?.includes(failure.code)) {
      return { kind: 'step', outcome: outcomeOf(step, 'settled') };
    }
    if (step.stale?.includes(failure.code)) {
      return { kind: 'stale', failure };
    }
    return failure.kind === 'throttled' || step.passes?.includes(failure.code)
      ? { kind: 'later', failure }
      : { kind: 'step', outcome: { ...outcomeOf(step, 'failed'), failure } };
  }
}

/** A step's call with everything known in it. */
export function callOf({ service, operation, region, input }: Call, saved: Saved): Call {
  return { service, operation, region, input: resolved(input, saved, true) };
}

async function holds({ call, path, is }: NonNullable<Step['guard']>, saved: Saved, send: Send): Promise<boolean> {
  const found = valueAt(await send(callOf(call, saved)), path);
  return unordered(found) === unordered(resolved(is, saved, true));
}

function unordered(value: Json): string {
  return Array.isArray(value) ? canonical(value.map((each) => canonical(each as Json)).sort()) : canonical(value);
}

function outcomeOf(step: Step, result: StepOutcome['result']): StepOutcome {
  return { does: step.does, call: `${step.service}:${step.operation}`, result };
}

/** Plain data of an answer: dates as text, no `$metadata`. */
function withoutMetadata(answer: unknown): Json {
  const { $metadata: _, ...rest } = (answer ?? {}) as Record<string, unknown>;
  return JSON.parse(JSON.stringify(rest)) as Json;
}

/** What takes back the steps that were done, the last first, with everything known in it. */
export function undoSteps(steps: readonly Step[], { outcomes, saved }: Progress): Step[] {
  const done = steps.filter((_, index) => outcomes[index]?.result === 'done');
  return done
    .reverse()
    .flatMap(({ undo = [] }) => undo)
    .map((step) => ({
      ...step,
      input: resolved(step.input, saved),
      ...(step.guard && { guard: { ...step.guard, is: resolved(step.guard.is, saved) } }),
    }));
}
