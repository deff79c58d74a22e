import { responderOf, respondersFor } from './catalog';
import { decided, waiting } from './deciding';
import { failureOf } from './failures';
import { putOff } from './putOff';
import { type About, type Held, LeaseLost, responseId } from './records';
import { outcomeReport } from './report';
import type { Responder, Target } from './responder';
import type { Response } from './response';
import { done, type Handled, sooner, type Tools } from './tools';
import type { Trigger } from './trigger';

/** Answers an event: every responder that it concerns, for every resource that it names. */
export async function respond(trigger: Trigger, tools: Tools): Promise<Handled> {
  if (isOwn(trigger, tools)) {
    tools.log('info', 'event.own', { event: trigger.id });
    return done;
  }
  let handled = done;
  for (const responder of respondersFor(trigger, tools.settings)) {
    for (const target of responder.targets(trigger)) {
      handled = sooner(handled, await respondTo(responder, target, trigger, tools));
    }
  }
  return handled;
}

/** What a responder did, or undid, is no new reason to respond. */
function isOwn({ actor, place }: Trigger, { settings }: Tools): boolean {
  return actor === `arn:${place.partition}:iam::${place.accountId}:role${settings.role}`;
}

async function respondTo(responder: Responder, target: Target, trigger: Trigger, tools: Tools): Promise<Handled> {
  const fresh = begun(responder, target, trigger, tools.now());
  const { event, detection, alone } = trigger;
  const about: About = { event, ...(detection && { detection }), ...(alone && { alone }) };
  const claim = await tools.records.claim(fresh, about, tools.owner, tools.now());
  switch (claim.kind) {
    case 'busy':
      return { kind: 'later', seconds: claim.seconds };
    case 'ended':
      return claim.reported ? done : report(claim.item, claim.response, claim.about, tools);
    case 'held':
      return proceed(claim.held, tools);
  }
}

/** Ended, but it is not known whether anybody was told. */
async function report(item: Held['item'], response: Response, about: About, tools: Tools): Promise<Handled> {
  const claim = await tools.records.take(item, tools.owner, tools.now());
  if (claim.kind !== 'held') {
    return { kind: 'later', seconds: 1 };
  }
  await tools.tell(outcomeReport(response, about, tools.settings.language));
  await tools.records.save(claim.held, response, tools.now(), { release: true, reported: true });
  return done;
}

function begun(responder: Responder, target: Target, trigger: Trigger, now: Date): Response {
  const { id, place, name, time, actor, detection, findingId } = trigger;
  return {
    id: responseId(id, responder.id, `${target.kind} ${target.resource}`),
    responder: responder.id,
    strategy: 'notify',
    accountId: place.accountId,
    region: place.region,
    target,
    trigger: { id, name, time, actor, detection: detection?.id, findingId },
    at: now.toISOString(),
    outcome: 'open',
    reasons: [],
  };
}

/** Goes on with a response that this invocation holds, from wherever it stands. Never throws but for the table. */
export async function proceed(held: Held, tools: Tools): Promise<Handled> {
  const responder = responderOf(held.response.responder);
  if (responder === undefined) {
    tools.log('error', 'responder.unknown', { response: held.response.id });
    return done;
  }
  try {
    return held.response.outcome === 'waiting' && held.response.decision === undefined
      ? await waiting(held, tools)
      : await decided(held, responder, tools);
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (error instanceof LeaseLost || code?.startsWith('notifier.')) {
      throw error;
    }
    tools.log('error', 'response.failed', {
      response: held.response.id,
      reason: /^\w{1,60}$/.test(name ?? '') ? name : 'Error',
    });
    return putOff(held, failureOf(error), tools);
  }
}
