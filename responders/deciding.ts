import { acting } from './acting';
import { countAction } from './breaker';
import { exemptionOf } from './exemptions';
import { failureOf } from './failures';
import { placeOf, undoneKey } from './place';
import { sameJson } from './plan';
import { end, putOff } from './putOff';
import type { Held } from './records';
import { questionReport } from './report';
import type { Decision, Responder } from './responder';
import type { Outcome, Response } from './response';
import { lookThrough } from './send';
import { type Treatment, treatmentOf } from './settings';
import type { Handled, Tools } from './tools';

/** SQS hides a message for twelve hours at most. */
const longestWait = 43_200;

/** Nobody has answered yet: it goes on waiting, or the time is up. */
export async function waiting(held: Held, tools: Tools): Promise<Handled> {
  const { response } = held;
  const left = Math.ceil((Date.parse(response.asksUntil ?? '') - tools.now().getTime()) / 1_000);
  if (left > 0) {
    await tools.records.save(held, response, tools.now(), { release: true });
    return { kind: 'later', seconds: Math.min(left, longestWait) };
  }
  return end(held, { ...response, outcome: 'expired' }, tools);
}

/** Looks, decides, and acts where the decision says so. */
export async function decided(held: Held, responder: Responder, tools: Tools): Promise<Handled> {
  const { response } = held;
  if (response.steps !== undefined && response.outcome === 'open' && response.progress !== undefined) {
    return acting(held, responder, tools, decided);
  }
  const place = placeOf(response, tools);
  const look = lookThrough(tools.sessions(responder, place), place);
  let facts: unknown;
  try {
    facts = await responder.observe(response.target, look);
  } catch (error) {
    return putOff(held, failureOf(error), tools);
  }
  if (facts === undefined) {
    return end(held, { ...response, outcome: 'gone', reasons: ['it is gone already'] }, tools);
  }
  return conclude(held, responder, facts, tools);
}

async function conclude(held: Held, responder: Responder, facts: unknown, tools: Tools): Promise<Handled> {
  const { settings } = tools;
  const { response } = held;
  const place = placeOf(response, tools);
  const tags = responder.tags(facts);
  // A person's decision is about the strategy that they were asked about.
  const treatment: Treatment =
    response.decision === undefined
      ? treatmentOf(settings, responder.id, place.accountId, tags)
      : { strategy: response.strategy, approval: false };
  const decision = responder.decide(facts, { strategy: treatment.strategy, target: response.target, place, settings });
  const exemption = exemptionOf(settings, responder.id, tags, tools.now());
  const reasons = [...decision.reasons, ...(exemption ? [exemption.reason] : [])];
  const current: Response = { ...response, strategy: treatment.strategy, reasons };
  if (decision.kind !== 'act') {
    return end(
      held,
      { ...current, outcome: outcomeOf(decision), advice: 'advice' in decision ? decision.advice : undefined },
      tools,
    );
  }
  if (exemption?.exempt) {
    return end(held, { ...current, outcome: 'exempt' }, tools);
  }
  if (await wasUndone(response, tools)) {
    const undone = 'a person undid the response to this finding: it is theirs now';
    return end(held, { ...current, outcome: 'changed', reasons: [...reasons, undone] }, tools);
  }
  const planned: Response = { ...current, steps: decision.steps };
  const before = responder.state(facts);
  if (response.decision !== undefined && !sameJson(response.before, before)) {
    const changed = 'it was changed after the question was asked';
    return end(held, { ...current, outcome: 'changed', reasons: [changed, ...reasons] }, tools);
  }
  return treatment.approval
    ? ask(held, { ...planned, before }, tools)
    : permitted(held, { ...planned, before }, responder, tools);
}

function outcomeOf({ kind }: Exclude<Decision, { kind: 'act' }>): Outcome {
  switch (kind) {
    case 'notify':
      return 'notified';
    case 'ignore':
      return 'ignored';
    default:
      return kind;
  }
}

async function ask(held: Held, response: Response, tools: Tools): Promise<Handled> {
  const now = tools.now();
  const seconds = tools.settings.approvalMinutes * 60;
  const asked: Response = {
    ...response,
    outcome: 'waiting',
    asksUntil: new Date(now.getTime() + seconds * 1_000).toISOString(),
  };
  // Asked before it is recorded: an attempt that dies between the two asks again, under the same id.
  await tools.tell(questionReport(asked, held.about, tools.settings.language));
  await tools.records.save(held, asked, now, { release: true });
  return { kind: 'later', seconds: Math.min(seconds, longestWait) };
}

/** The breaker has the last word. */
async function permitted(held: Held, response: Response, responder: Responder, tools: Tools): Promise<Handled> {
  const { breaker } = tools.settings;
  const verdict = await countAction(tools.table, responder.id, response.id, breaker, tools.now());
  if (verdict.open) {
    const tripped = `it acted ${verdict.count} times in ${breaker.minutes} minutes, and no more are allowed (responders.breaker)`;
    const advice = ['see whether these responses are right; until the time has passed, act by hand'];
    return end(held, { ...response, outcome: 'stopped', reasons: [tripped, ...response.reasons], advice }, tools);
  }
  const intent: Response = { ...response, outcome: 'open', progress: { outcomes: [], saved: {} } };
  const fresh = await tools.records.save(held, intent, tools.now());
  return acting({ ...fresh, resumed: false }, responder, tools, decided);
}

async function wasUndone(response: Response, tools: Tools): Promise<boolean> {
  const key = undoneKey(response);
  return key !== undefined && (await tools.table.get(key)) !== undefined;
}
