import { at, text } from '../notifier/events/read';
import { end } from './putOff';
import { refusedReport } from './report';
import { proceed } from './respond';
import type { PersonsDecision } from './response';
import { done, type Handled, type Tools } from './tools';

/** A person's answer, as the bot puts it on the queue. */
export interface DecisionBody {
  readonly response: string;
  readonly decision: PersonsDecision;
}

/** Reads `{"decision":{response, action, person, at}}`; `undefined` when the body is none. */
export function readDecision(body: unknown, now: Date): DecisionBody | undefined {
  const decision = at(body, 'decision');
  const [response, action, id] = [text(decision, 'response'), text(decision, 'action'), text(decision, 'person', 'id')];
  if (response === undefined || id === undefined || (action !== 'approve' && action !== 'decline')) {
    return undefined;
  }
  const name = text(decision, 'person', 'name') ?? id;
  const written = text(decision, 'at') ?? '';
  const when = Number.isNaN(Date.parse(written)) ? now.toISOString() : written;
  return { response, decision: { action, person: { id, name }, at: when } };
}

/** Does what a person decided, once: whoever answers second, or too late, changes nothing. */
export async function followDecision({ response: id, decision }: DecisionBody, tools: Tools): Promise<Handled> {
  if (tools.settings.approvers?.includes(decision.person.id) === false) {
    return refuse(id, decision, tools);
  }
  const claim = await tools.records.takeOver(id, tools.owner, tools.now());
  if (claim === undefined || claim.kind === 'ended') {
    tools.log('info', claim ? 'decision.late' : 'decision.unknown', { response: id.slice(0, 100) });
    return done;
  }
  if (claim.kind === 'busy') {
    return { kind: 'later', seconds: claim.seconds };
  }
  const { held } = claim;
  if (held.response.decision !== undefined) {
    return proceed(held, tools);
  }
  if (held.response.outcome !== 'waiting' || Date.parse(held.response.asksUntil ?? '') < tools.now().getTime()) {
    // Its own message ends it, at its time.
    await tools.records.save(held, held.response, tools.now(), { release: true });
    tools.log('info', 'decision.late', { response: id });
    return done;
  }
  if (decision.action === 'decline') {
    return end(held, { ...held.response, outcome: 'declined', decision }, tools);
  }
  const { steps: _, ...asked } = held.response;
  const fresh = await tools.records.save(held, { ...asked, outcome: 'open', decision }, tools.now());
  return proceed(fresh, tools);
}

/** Whoever may not decide is told so; the question goes on waiting. */
async function refuse(id: string, decision: PersonsDecision, tools: Tools): Promise<Handled> {
  const found = await tools.records.get(id);
  if (found?.response.outcome === 'waiting') {
    await tools.tell(refusedReport(found.response, found.about, decision.person, tools.settings.language));
  }
  tools.log('warning', 'decision.refused', { response: id.slice(0, 100) });
  return done;
}
