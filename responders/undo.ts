import { epochSeconds } from '../notifier/epoch';
import { act, noProgress, type StepOutcome } from './act';
import { stateOf } from './acting';
import { responderOf } from './catalog';
import { type Failure, failureOf } from './failures';
import { placeOf, undoneKey } from './place';
import { sameJson } from './plan';
import type { Held } from './records';
import { undoneReport } from './report';
import type { Response } from './response';
import type { Tools } from './tools';

/** What became of an undo. */
export type UndoAnswer =
  | { readonly kind: 'undone' | 'partly'; readonly response: Response; readonly outcomes: readonly StepOutcome[] }
  | { readonly kind: 'already'; readonly response: Response }
  | { readonly kind: 'refused'; readonly reason: string; readonly response?: Response }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly response: Response };

/**
 * Takes back what a response did, as long as everything still is as the response left it. A second time finds it done.
 *
 * @param by who asks: an ARN
 */
export async function undoResponse(id: string, by: string, tools: Tools): Promise<UndoAnswer> {
  const found = await tools.records.get(id);
  const refused = found === undefined ? `there is no response ${id}` : refusalOf(found.response);
  if (found === undefined || refused !== undefined) {
    return { kind: 'refused', reason: refused ?? '', ...(found && { response: found.response }) };
  }
  if (found.response.undone !== undefined && found.response.undone.outcome !== 'partly') {
    return { kind: 'already', response: found.response };
  }
  const leased = Number(found.item.leaseUntil) - epochSeconds(tools.now());
  const claim = leased > 0 ? undefined : await tools.records.take(found.item, tools.owner, tools.now());
  return claim?.kind === 'held'
    ? undo(claim.held, by, tools)
    : { kind: 'refused', reason: 'somebody else is at it: try again in a minute', response: found.response };
}

function refusalOf({ outcome, undo = [] }: Response): string | undefined {
  if (outcome === 'open' || outcome === 'waiting') {
    return 'the response has not ended yet';
  }
  return undo.length === 0 ? 'the response did nothing that could be undone' : undefined;
}

async function undo(held: Held, by: string, tools: Tools): Promise<UndoAnswer> {
  const { response } = held;
  const responder = responderOf(response.responder);
  const release = (changed: Response) =>
    tools.records.save(held, changed, tools.now(), { release: true, reported: true });
  if (responder === undefined) {
    await release(response);
    return { kind: 'refused', reason: `there is no responder ${response.responder} any more`, response };
  }
  let verdict: 'go' | 'already' | 'changed';
  try {
    verdict = await compare(response, tools);
  } catch (error) {
    await release(response);
    return { kind: 'failed', failure: failureOf(error), response };
  }
  const undone = (outcome: NonNullable<Response['undone']>['outcome']): Response => ({
    ...response,
    undone: { by, at: tools.now().toISOString(), outcome },
  });
  if (verdict === 'already') {
    const saved = await release(undone('already'));
    return { kind: 'already', response: saved.response };
  }
  if (verdict === 'changed') {
    await release(response);
    return { kind: 'refused', reason: 'it was changed since: undo what is left by hand', response };
  }
  return takeBack(held, responder, undone, tools);
}

/** An undo that died half-way goes on; else everything has to be as the response left it. */
async function compare(response: Response, tools: Tools): Promise<'go' | 'already' | 'changed'> {
  const responder = responderOf(response.responder);
  if (responder === undefined || response.undone?.outcome === 'partly') {
    return 'go';
  }
  const now = await stateOf(response, responder, tools);
  if (sameJson(now, response.before)) {
    return 'already';
  }
  return response.after === undefined || sameJson(now, response.after) ? 'go' : 'changed';
}

async function takeBack(
  held: Held,
  responder: NonNullable<ReturnType<typeof responderOf>>,
  undone: (outcome: 'undone' | 'partly') => Response,
  tools: Tools,
): Promise<UndoAnswer> {
  const { response } = held;
  // Recorded as begun, so that one who dies half-way is followed by one who goes on.
  const begun = await tools.records.save(held, undone('partly'), tools.now());
  const result = await act(response.undo ?? [], noProgress, {
    send: tools.sessions(responder, placeOf(response, tools)),
    note: async () => undefined,
    hasTime: () => true,
  });
  const { outcomes } = result.progress;
  const failed = outcomes.filter((each) => each.result === 'failed' || each.result === 'changed');
  const isWhole = result.kind === 'finished' && failed.length === 0;
  const last = undone(isWhole ? 'undone' : 'partly');
  await tools.records.save(begun, last, tools.now(), { release: true, reported: true });
  await remember(last, tools);
  const failures = failed.map(({ does, failure }) => `${does}: ${failure?.code ?? 'it was changed since'}`);
  const rest = result.kind === 'finished' ? [] : [result.failure?.code ?? result.kind];
  await tools.tell(undoneReport(last, held.about, [...failures, ...rest], tools.settings.language));
  return { kind: isWhole ? 'undone' : 'partly', response: last, outcomes };
}

/** The next update of the same finding is not to do again what a person took back. */
async function remember(response: Response, { table, settings, now }: Tools): Promise<void> {
  const id = undoneKey(response);
  if (id !== undefined) {
    await table.put({ id, by: response.undone?.by, expiresAt: epochSeconds(now()) + settings.recordDays * 86_400 });
  }
}
