import { sentenceOf } from './message/context';
import type { Digest, DigestEntry } from './message/digestMessage';
import { toldOf } from './message/repeatMessage';
import { type DeliveryTools, finish, type Order, type Outcome, placeOf } from './order';
import { addToDigest, closeDigest, type DigestPlace } from './state/digests';
import { type Incident, settleIncident } from './state/incident';
import { markDigest, type OccurrenceClaim } from './state/occurrence';

/** After the window has closed, for those who reserved a place and are still writing. */
const graceSeconds = 2;

/** Puts an alert into the digest of its channel. The first one's message stays in the queue until the digest closes. */
export async function putInDigest(
  order: Order,
  claim: OccurrenceClaim,
  incident: Incident,
  tools: DeliveryTools,
): Promise<Outcome> {
  const { windowSeconds } = tools.context.settings.digest;
  const place = await addToDigest(
    tools.table,
    placeOf(order),
    entryOf(order, tools),
    tools.now(),
    windowSeconds,
    (digest) => markDigest(tools.table, claim, digest, tools.now()),
  );
  await settleIncident(tools.table, incident.id, tools.now(), { state: 'digested', told: toldOf(order.alert) });
  return place.leader ? untilClosed(place, tools) : finish(order, claim, tools, 'digest');
}

/** The leader's message came again: posts the digest when its window has closed. */
export async function flushDigest(
  place: DigestPlace,
  order: Order,
  claim: OccurrenceClaim,
  tools: DeliveryTools,
): Promise<Outcome> {
  const waiting = untilClosed(place, tools);
  if (waiting.seconds > 0) {
    return waiting;
  }
  const digest = await gathered(place, order, tools);
  const destination = await tools.destination(order.destination);
  const { channel } = order.decision;
  // Whether an earlier attempt posted it is not known here, so it is looked for wherever it can be.
  const found = await destination.threads?.find(digest.id, claim.startedAt, channel);
  const receipt = found ?? (await destination.sendDigest(digest, channel));
  if (destination.threads !== undefined && receipt.channel !== undefined && receipt.ts !== undefined) {
    await destination.threads.attach({ channel: receipt.channel, ts: receipt.ts }, digest);
  }
  tools.log('info', 'digest.sent', { digest: digest.id, alerts: digest.entries.length });
  return finish(order, claim, tools, 'digest', receipt);
}

function untilClosed(place: DigestPlace, tools: DeliveryTools): { kind: 'later'; seconds: number; exactly: true } {
  const now = tools.now().getTime() / 1_000;
  return { kind: 'later', exactly: true, seconds: Math.max(Math.ceil(place.closesAt + graceSeconds - now), 0) };
}

async function gathered(place: DigestPlace, order: Order, tools: DeliveryTools): Promise<Digest> {
  const entries = await closeDigest(tools.table, place.digest, tools.now());
  const own = entryOf(order, tools);
  const complete = entries.some(({ id }) => id === own.id) ? entries : [own, ...entries];
  return { id: place.digest, entries: complete, windowSeconds: tools.context.settings.digest.windowSeconds };
}

function entryOf({ alert }: Order, { context }: DeliveryTools): DigestEntry {
  return {
    id: alert.id,
    band: alert.band,
    type: alert.type,
    accountId: alert.accountId,
    region: alert.region,
    what: sentenceOf(alert, context.catalog).slice(0, 300),
    reference: alert.finding?.id ?? alert.eventId,
    seen: alert.lastSeen?.toISOString(),
  };
}
