import type { DestinationSettings } from '../settings';
import type { Destination } from './destination';
import { pagerduty } from './pagerduty';
import { signedWebhook } from './signedWebhook';
import { slackBot } from './slackBot';
import { slackWebhook } from './slackWebhook';
import { snsTopic } from './snsTopic';
import { teams } from './teams';
import { type DestinationFactories, makeDestination, type TransportTools } from './tools';

const everyType: Required<DestinationFactories> = {
  'slack-webhook': slackWebhook,
  'slack-bot': slackBot,
  sns: snsTopic,
  'signed-webhook': signedWebhook,
  teams,
  pagerduty,
};

/** A destination of any type as the settings describe it. Nothing is called before the first message. */
export function destinationOf(settings: DestinationSettings, tools: TransportTools): Destination {
  return makeDestination(settings, everyType, tools) as Destination;
}
