import { act, noProgress, type Progress, undoSteps } from './act';
import type { Failure } from './failures';
import { placeOf } from './place';
import { type Json, sameJson } from './plan';
import { end, putOff } from './putOff';
import type { Held } from './records';
import type { Responder } from './responder';
import type { Response } from './response';
import { lookThrough } from './send';
import type { Handled, Tools } from './tools';

/** Below this no further step is begun: a call may take its retries. */
const needed = 10_000;
/** A resource that changes under the steps is looked at again, but not for ever. */
const mostLooks = 3;

/** Looks at a response's resource again and decides anew. */
type Decide = (held: Held, responder: Responder, tools: Tools) => Promise<Handled>;

/** Does the recorded steps from where they stand: each is noted before the next, so that a kill loses none. */
export async function acting(held: Held, responder: Responder, tools: Tools, decide: Decide): Promise<Handled> {
  const { response } = held;
  const steps = response.steps ?? [];
  const send = tools.sessions(responder, placeOf(response, tools));
  let current = held;
  const result = await act(steps, response.progress ?? noProgress, {
    send,
    resumed: held.resumed,
    hasTime: () => tools.remaining() > needed,
    note: async (progress) => {
      // The last step's note is the outcome itself.
      if (progress.outcomes.length < steps.length) {
        current = await tools.records.save(current, { ...current.response, progress }, tools.now());
      }
    },
  });
  switch (result.kind) {
    case 'later':
      return putOff(current, result.failure ?? outOfTime, tools, result.progress);
    case 'stale':
      return again(current, result.failure, responder, tools, decide);
    case 'finished':
      return finish(current, result.progress, responder, tools);
  }
}

const outOfTime: Failure = {
  kind: 'throttled',
  code: 'OutOfTime',
  message: 'the function has to stop and goes on in a moment',
};

/** Steps that were done stay done; what is left is decided anew. */
async function again(
  held: Held,
  failure: Failure,
  responder: Responder,
  tools: Tools,
  decide: Decide,
): Promise<Handled> {
  const { response } = held;
  const looks = (response.retries ?? 0) + 1;
  if (looks > mostLooks || (response.progress?.outcomes ?? []).some(({ result }) => result === 'done')) {
    return end(
      held,
      {
        ...response,
        outcome: 'changed',
        failure,
        reasons: ['it changed while it was being acted on', ...response.reasons],
      },
      tools,
    );
  }
  const { steps: _, progress: __, ...rest } = response;
  const fresh = await tools.records.save(held, { ...rest, retries: looks }, tools.now());
  return decide(fresh, responder, tools);
}

async function finish(held: Held, progress: Progress, responder: Responder, tools: Tools): Promise<Handled> {
  const { response } = held;
  const { outcomes } = progress;
  const failed = outcomes.some(({ result }) => result === 'failed');
  const isDone = outcomes.some(({ result }, index) => result === 'done' && response.steps?.[index]?.reads !== true);
  const undo = undoSteps(response.steps ?? [], progress);
  return end(
    held,
    {
      ...response,
      outcome: failed ? (isDone ? 'partly' : 'failed') : isDone ? 'acted' : 'nothing',
      // What takes a step back stands below, with everything known in it.
      steps: response.steps?.map(({ undo: _, ...step }) => step),
      progress,
      undo,
      ...(undo.length > 0 && { undoCommand: `garrison responders undo ${response.id}` }),
      ...(isDone && { after: await stateAfter(response, responder, tools) }),
    },
    tools,
  );
}

/** How it stands now. AWS may still answer as before for a moment. `undefined` when nobody can say. */
async function stateAfter(response: Response, responder: Responder, tools: Tools): Promise<Json> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const state = await stateOf(response, responder, tools).catch(() => undefined);
    if (state === undefined || !sameJson(state, response.before)) {
      return state;
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * (attempt + 1)));
  }
  return undefined;
}

/** How a resource stands; `null` when it is gone. Throws what the SDK throws. */
export async function stateOf(response: Response, responder: Responder, tools: Tools): Promise<Json> {
  const place = placeOf(response, tools);
  const facts = await responder.observe(response.target, lookThrough(tools.sessions(responder, place), place));
  return facts === undefined ? null : responder.state(facts);
}
