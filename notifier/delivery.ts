import { toldOf } from './message/repeatMessage';
import { type DeliveryTools, deliveryOf, finish, incidentKey, type Order, type Outcome, placeOf } from './order';
import { isStorm, ledDigest } from './state/digests';
import { type Incident, joinIncident, settleIncident } from './state/incident';
import { claimOccurrence, type OccurrenceClaim, releaseOccurrence } from './state/occurrence';
import { asDeliveryError } from './transports/errors';

const waitSeconds = 2;

/**
 * Announces an alert at one destination: as a message, in the thread of an earlier one, in a digest, or not again.
 *
 * @throws DeliveryError, TableBusy, SecretUnreadable: the message has to come again
 */
export async function deliver(order: Order, tools: DeliveryTools): Promise<Outcome> {
  const { alert, destination, owner } = order;
  const claimed = await claimOccurrence(tools.table, alert.id, destination, owner, tools.now());
  if (claimed.kind === 'done') {
    return { kind: 'done', as: 'duplicate' };
  }
  if (claimed.kind === 'busy') {
    return { kind: 'later', seconds: claimed.seconds };
  }
  const { claim } = claimed;
  const led = claim.digest === undefined ? undefined : await ledDigest(tools.table, claim.digest, alert.id);
  if (led !== undefined) {
    return tools.more().flushDigest(led, order, claim, tools);
  }
  return announce(order, claim, tools).catch(async (error: object) => {
    if ((asDeliveryError(error)?.failure ?? 'unknown') !== 'unknown') {
      await releaseOccurrence(tools.table, claim, tools.now());
    }
    throw Object.assign(error, { first: !claim.uncertain });
  });
}

async function announce(order: Order, claim: OccurrenceClaim, tools: DeliveryTools): Promise<Outcome> {
  const { settings } = tools.context;
  const joined = await joinIncident(tools.table, order.alert, tools.now(), {
    id: incidentKey(order, tools),
    windowSeconds: settings.deduplication.windows[order.alert.band],
    policy: settings.repeats,
  });
  switch (joined.kind) {
    case 'wait':
      return { kind: 'later', seconds: waitSeconds };
    case 'repeat':
      return joined.incident.thread === undefined
        ? finish(order, claim, tools, 'counted')
        : tools.more().repeat(order, claim, joined.incident, joined.incident.thread, tools);
    case 'first':
      return (await goesIntoDigest(order, claim, tools))
        ? tools.more().putInDigest(order, claim, joined.incident, tools)
        : post(order, claim, joined.incident, tools);
  }
}

/** Critical alerts are never digested, and what was sent once alone is tried alone again. */
async function goesIntoDigest(order: Order, claim: OccurrenceClaim, tools: DeliveryTools): Promise<boolean> {
  const { digest } = tools.context.settings;
  if (order.alert.band === 'Critical' || digest.threshold === 0) {
    return false;
  }
  return (
    claim.digest !== undefined || (claim.attempt === 1 && isStorm(tools.table, placeOf(order), tools.now(), digest))
  );
}

async function post(order: Order, claim: OccurrenceClaim, incident: Incident, tools: DeliveryTools): Promise<Outcome> {
  const destination = await tools.destination(order.destination);
  if (destination.app) {
    await tools.more().keepEvent(order, tools);
  }
  const delivery = deliveryOf(order, { times: incident.times, last: order.alert.lastSeen });
  const { channel } = order.decision;
  const found = claim.uncertain ? await destination.threads?.find(order.alert.id, claim.startedAt, channel) : undefined;
  const receipt =
    found ??
    (await destination
      .send(delivery)
      .catch(async (error: unknown) => tools.more().simplified(error, destination, delivery, tools)));
  const thread =
    receipt.channel === undefined || receipt.ts === undefined
      ? undefined
      : { channel: receipt.channel, ts: receipt.ts };
  await settleIncident(tools.table, incident.id, tools.now(), { state: 'sent', thread, told: toldOf(order.alert) });
  return finish(order, claim, tools, 'message', receipt);
}
