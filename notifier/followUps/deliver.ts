import type { FollowUp } from '../followUp';
import { notificationLine } from '../message/alertMessage';
import { markdown } from '../message/slack';
import type { DeliveryTools, Order, Outcome } from '../order';
import { followUpKey, recordFollowUp } from '../state/followUps';
import { claimOccurrence, finishOccurrence, type OccurrenceClaim, releaseOccurrence } from '../state/occurrence';
import type { Destination, Receipt, Saying, Thread } from '../transports/destination';
import { asDeliveryError } from '../transports/errors';
import { type Place, placeFor } from './place';

interface Said {
  readonly receipt: Receipt;
  readonly thread?: Thread;
  readonly about: boolean;
}

const waitSeconds = 2;
/** Of a message. */
const mostBlocks = 50;

/**
 * Says a follow-up at one destination, once: in the thread of its alert, in place of an earlier follow-up, or as a
 * message of its own.
 *
 * @throws DeliveryError, TableBusy, TableUnavailable, SecretUnreadable: the message has to come again
 */
export async function deliverFollowUp(order: Order, followUp: FollowUp, tools: DeliveryTools): Promise<Outcome> {
  const { table, now } = tools;
  const claimed = await claimOccurrence(table, followUpKey(followUp.id), order.destination, order.owner, now());
  if (claimed.kind === 'done') {
    return { kind: 'done', as: 'duplicate' };
  }
  if (claimed.kind === 'busy') {
    return { kind: 'later', seconds: claimed.seconds };
  }
  const { claim } = claimed;
  try {
    const place = await placeFor(order, followUp, claim, tools);
    if (place.kind === 'later') {
      await releaseOccurrence(table, claim, now());
      return { kind: 'later', seconds: waitSeconds };
    }
    return await said(place, order, followUp, claim, tools);
  } catch (error) {
    if ((asDeliveryError(error)?.failure ?? 'unknown') !== 'unknown') {
      await releaseOccurrence(table, claim, now());
    }
    throw Object.assign(error as object, { first: !claim.uncertain });
  }
}

async function said(
  place: Place,
  order: Order,
  followUp: FollowUp,
  claim: OccurrenceClaim,
  tools: DeliveryTools,
): Promise<Outcome> {
  const { table, now, context } = tools;
  const where = await sayOrSimplify(place, order, followUp, claim, tools);
  const { recordDays: days } = context.settings;
  await recordFollowUp(table, followUp, { ...where, destination: order.destination, now: now(), days });
  await finishOccurrence(table, claim, now());
  return { kind: 'done', as: 'followUp' };
}

/** Blocks that Slack refuses are left out; a thread, message or channel that is not there (any more) is done without. */
async function sayOrSimplify(
  place: Place,
  order: Order,
  followUp: FollowUp,
  claim: OccurrenceClaim,
  tools: DeliveryTools,
): Promise<Said> {
  const destination = await tools.destination(order.destination);
  const say = (where: Place, what: FollowUp) => sayAt(where, order, what, { claim, destination, tools });
  try {
    return await say(place, followUp);
  } catch (error) {
    const failure = asDeliveryError(error);
    const ids = { alert: order.alert.id, followUp: followUp.id, reason: failure?.reason };
    if (failure?.failure === 'invalid' && followUp.blocks !== undefined) {
      tools.log('error', 'followUp.simplified', ids);
      return say(place, { ...followUp, blocks: undefined });
    }
    const next = failure?.failure === 'refused' ? nextPlace(place, order) : undefined;
    if (next === undefined) {
      throw error;
    }
    tools.log('error', 'followUp.elsewhere', ids);
    return sayOrSimplify(next, order, followUp, claim, tools);
  }
}

/** From the message to its thread, from there to the route's channel, and at last to the destination's own. */
function nextPlace(place: Place, { decision }: Order): Place | undefined {
  switch (place.kind) {
    case 'change':
      return { kind: 'thread', thread: place.thread };
    case 'thread':
      return { kind: 'own', channel: decision.channel };
    case 'own':
      return place.channel === undefined ? undefined : { kind: 'own' };
    case 'later':
      return undefined;
  }
}

async function sayAt(
  place: Place,
  order: Order,
  followUp: FollowUp,
  at: { readonly claim: OccurrenceClaim; readonly destination: Destination; readonly tools: DeliveryTools },
): Promise<Said> {
  const { claim, tools } = at;
  const { threads, say } = at.destination;
  const saying: Saying = { ...followUp, id: followUpKey(followUp.id), alert: order.alert };
  const posted = (channel: string | undefined, thread?: Thread) =>
    claim.uncertain ? threads?.find(saying.id, claim.startedAt, channel, thread) : undefined;
  if (threads !== undefined && place.kind === 'change') {
    const { about, thread, message } = place;
    await threads.change(message, about ? aboutAlert(saying, tools) : saying);
    return { receipt: message, thread, about };
  }
  if (threads !== undefined && place.kind === 'thread') {
    const { thread } = place;
    return {
      thread,
      about: false,
      receipt: (await posted(thread.channel, thread)) ?? (await threads.answer(thread, saying)),
    };
  }
  const channel = place.kind === 'own' ? place.channel : undefined;
  const about = channel === undefined || channel !== followUp.channel;
  const whole = about ? aboutAlert(saying, tools) : saying;
  return { about, receipt: (await posted(channel)) ?? (await say(whole, channel)) };
}

/** Away from its alert a follow-up says which one it belongs to. */
function aboutAlert(saying: Saying, { context }: DeliveryTools): Saying {
  const line = notificationLine(saying.alert, context);
  return {
    ...saying,
    text: `${saying.text}\n> ${line}`,
    blocks:
      saying.blocks === undefined || saying.blocks.length >= mostBlocks
        ? saying.blocks
        : [...saying.blocks, { type: 'context', elements: [markdown(line)] }],
  };
}
