import type { Alert } from '../alert';
import type { FollowUp } from '../followUp';
import type { MessageContext } from '../message/context';
import { type DeliveryTools, incidentKey, type Order } from '../order';
import { type Decision, decide } from '../routes';
import { followUpKey, saidFollowUp } from '../state/followUps';
import { announcedIncident } from '../state/incident';
import { type OccurrenceClaim, occurrenceKey, stateOfOccurrence } from '../state/occurrence';
import type { Thread } from '../transports/destination';

/** Where a follow-up is said. */
export type Place =
  /** In place of an earlier one. */
  | { readonly kind: 'change'; readonly message: Thread; readonly thread: Thread; readonly about: boolean }
  | { readonly kind: 'thread'; readonly thread: Thread }
  /** As a message of its own: in the channel that it names, or where the route or the destination has it. */
  | { readonly kind: 'own'; readonly channel?: string }
  /** What it belongs to is still on its way. */
  | { readonly kind: 'later' };

/** So often it is looked for what nobody has heard of, with growing pauses: about two minutes. */
const looks = 8;

/**
 * To which destinations a follow-up goes: the alert's own; with a channel of its own to the one that can post there;
 * and where the alert itself is not sent, still to where its route, or nobody, says.
 */
export function decideFollowUp(
  followUp: FollowUp,
  alert: Alert,
  context: MessageContext,
  now: Date,
): Extract<Decision, { kind: 'send' }> {
  const { settings } = context;
  const decision = decide(alert, context, now);
  const route = settings.routes.find(({ name }) => 'route' in decision && name === decision.route);
  const unannounced = decision.kind !== 'send';
  const destinations =
    decision.kind === 'send' ? decision.destinations : (route?.destinations ?? [settings.defaultDestination]);
  const bots = [...destinations, ...Object.keys(settings.destinations)].filter(
    (name) => settings.destinations[name]?.type === 'slack-bot',
  );
  return {
    kind: 'send',
    destinations: followUp.channel === undefined || bots.length === 0 ? destinations : bots.slice(0, 1),
    channel: route?.channel,
    mention: 'none',
    unannounced,
  };
}

/** Finds the place at one destination. */
export async function placeFor(
  order: Order,
  followUp: FollowUp,
  claim: OccurrenceClaim,
  tools: DeliveryTools,
): Promise<Place> {
  return (await placeOfEarlier(order, followUp, claim, tools)) ?? placeAnew(order, followUp, claim, tools);
}

async function placeOfEarlier(
  { destination }: Order,
  { replaces }: FollowUp,
  claim: OccurrenceClaim,
  { table, now }: DeliveryTools,
): Promise<Place | undefined> {
  if (replaces === undefined) {
    return undefined;
  }
  const earlier = await saidFollowUp(table, replaces, destination);
  if (earlier !== undefined) {
    return { kind: 'change', ...earlier };
  }
  const state = await stateOfOccurrence(table, occurrenceKey(destination, followUpKey(replaces)), now());
  const hopeful = state === 'onItsWay' || (state === 'unknown' && claim.attempt < looks);
  return hopeful ? { kind: 'later' } : undefined;
}

/** Whether somebody works on the alert, or it may only be behind others in the queue. */
async function mayCome({ destination, alert }: Order, claim: OccurrenceClaim, tools: DeliveryTools): Promise<boolean> {
  const state = await stateOfOccurrence(tools.table, occurrenceKey(destination, alert.id), tools.now());
  return state === 'onItsWay' || (state === 'unknown' && claim.attempt < looks);
}

async function placeAnew(
  order: Order,
  { channel, alone }: FollowUp,
  claim: OccurrenceClaim,
  tools: DeliveryTools,
): Promise<Place> {
  const own: Place = { kind: 'own', channel: order.decision.channel };
  const isBot = tools.context.settings.destinations[order.destination]?.type === 'slack-bot';
  if (channel !== undefined && isBot) {
    return { kind: 'own', channel };
  }
  if (order.decision.unannounced || alone) {
    return own;
  }
  const announced = await announcedIncident(tools.table, incidentKey(order, tools), tools.now());
  switch (announced.kind) {
    case 'thread':
      return announced;
    case 'onItsWay':
      return { kind: 'later' };
    case 'unknown':
      return (await mayCome(order, claim, tools)) ? { kind: 'later' } : own;
    case 'noThread':
      return own;
  }
}
