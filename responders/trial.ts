import { respondersFor } from './catalog';
import { exemptionOf } from './exemptions';
import { type Failure, failureOf } from './failures';
import type { Call, Step } from './plan';
import { responseId } from './records';
import type { Decision, Place, Responder, Target } from './responder';
import { lookThrough, type Send } from './send';
import { type RespondingSettings, type Treatment, treatmentOf } from './settings';
import type { Trigger } from './trigger';

/** What a responder would make of an event, without doing anything. Plain data. */
export interface Trial {
  readonly id: string;
  readonly responder: string;
  readonly target: Target;
  readonly place: Place;
  readonly treatment: Treatment;
  readonly decision: Decision['kind'] | 'gone' | 'exempt' | 'unknown';
  readonly reasons: readonly string[];
  readonly advice: readonly string[];
  /** The calls that it would make, in their order; `$from` stands for what an earlier call answers. */
  readonly calls: readonly (Call & { readonly does: string })[];
  readonly undo: readonly (Call & { readonly does: string })[];
  readonly failure?: Failure;
}

/**
 * Reads what the responders would read, and tells what they would decide and do.
 *
 * @param strategy in place of the configured one: what would happen if …
 */
export async function tryEvent(
  trigger: Trigger,
  settings: RespondingSettings,
  sessions: (responder: Responder, place: Place) => Send,
  { now, strategy }: { readonly now: Date; readonly strategy?: string },
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const responder of respondersFor(trigger, settings)) {
    for (const target of responder.targets(trigger)) {
      trials.push(await tryOne(responder, target, trigger, { settings, sessions, now, strategy }));
    }
  }
  return trials;
}

interface Around {
  readonly settings: RespondingSettings;
  readonly sessions: (responder: Responder, place: Place) => Send;
  readonly now: Date;
  readonly strategy?: string;
}

async function tryOne(responder: Responder, target: Target, trigger: Trigger, around: Around): Promise<Trial> {
  const { place } = trigger;
  const base = {
    id: responseId(trigger.id, responder.id, `${target.kind} ${target.resource}`),
    responder: responder.id,
    target,
    place,
    treatment: { strategy: 'notify', approval: false },
    reasons: [],
    advice: [],
    calls: [],
    undo: [],
  };
  try {
    const facts = await responder.observe(target, lookThrough(around.sessions(responder, place), place));
    return facts === undefined
      ? { ...base, decision: 'gone', reasons: ['it is gone'] }
      : { ...base, ...judged(responder, facts, target, place, around) };
  } catch (error) {
    return { ...base, decision: 'unknown', failure: failureOf(error) };
  }
}

function judged(responder: Responder, facts: unknown, target: Target, place: Place, around: Around) {
  const { settings, now, strategy } = around;
  const tags = responder.tags(facts);
  const configured = treatmentOf(settings, responder.id, place.accountId, tags);
  const treatment = strategy === undefined ? configured : { strategy, approval: false };
  const decision = responder.decide(facts, { strategy: treatment.strategy, target, place, settings });
  const exemption = exemptionOf(settings, responder.id, tags, now);
  const isExempt = decision.kind === 'act' && exemption?.exempt === true;
  const steps = decision.kind === 'act' && !isExempt ? decision.steps : [];
  return {
    treatment,
    decision: isExempt ? ('exempt' as const) : decision.kind,
    reasons: [...decision.reasons, ...(exemption ? [exemption.reason] : [])],
    advice: decision.kind === 'notify' ? decision.advice : [],
    calls: steps.map(shown),
    undo: [...steps].reverse().flatMap(({ undo = [] }) => undo.map(shown)),
  };
}

function shown({ does, ...step }: Step): Call & { readonly does: string } {
  const { service, operation, region, input } = step;
  return { does, service, operation, region, input };
}
