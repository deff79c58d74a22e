import type { Progress } from './act';
import type { Failure } from './failures';
import type { Held } from './records';
import { delayReport, outcomeReport } from './report';
import type { Response } from './response';
import { done, type Handled, type Tools } from './tools';

/** After so many minutes a response that still cannot be done is given up, and said to be. */
const patienceMinutes = 120;
/** Said that it takes longer after so many attempts. */
const toldAfter = 3;
const longestPause = 300;

/**
 * An error on the way: what passes by itself is tried again through the queue, with growing pauses; what does not, or
 * does not pass in two hours, ends the response and is told.
 */
export async function putOff(held: Held, failure: Failure, tools: Tools, progress?: Progress): Promise<Handled> {
  const { response } = held;
  const now = tools.now();
  const retries = (response.retries ?? 0) + 1;
  const isOver = now.getTime() > Date.parse(response.decision?.at ?? response.at) + patienceMinutes * 60_000;
  if (failure.kind !== 'throttled' || isOver) {
    return end(held, { ...response, outcome: failure.kind === 'gone' ? 'gone' : 'failed', failure }, tools);
  }
  const next = await tools.records.save(
    held,
    { ...response, retries, delayedBy: failure, ...(progress && { progress }) },
    now,
    {
      release: true,
    },
  );
  if (retries === toldAfter) {
    await tools.tell(delayReport(next.response, held.about, failure, tools.settings.language));
  }
  return { kind: 'later', seconds: Math.min(2 ** Math.min(retries, 10), longestPause) };
}

/** Records how a response ended, tells it, and records that it was told. */
export async function end(held: Held, response: Response, tools: Tools): Promise<Handled> {
  const ended: Response = { ...response, endedAt: tools.now().toISOString() };
  const isSilent = ended.outcome === 'ignored';
  const saved = await tools.records.save(held, ended, tools.now(), { release: true, reported: isSilent });
  if (!isSilent) {
    await tools.tell(outcomeReport(ended, held.about, tools.settings.language));
    await tools.records.save(saved, ended, tools.now(), { release: true, reported: true });
  }
  tools.log('info', `response.${ended.outcome}`, { response: ended.id });
  return done;
}
