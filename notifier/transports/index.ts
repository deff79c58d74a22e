import type { More } from '../loadMore';
import type { MessageContext } from '../message/context';
import type { DestinationSettings } from '../settings';
import type { Destination } from './destination';
import type { Fetch } from './http';
import { pagerduty } from './pagerduty';
import type { Secrets } from './secrets';
import { signedWebhook } from './signedWebhook';
import { slackApi } from './slackApi';
import { slackBot } from './slackBot';
import { slackWebhook } from './slackWebhook';
import { type PublishToTopic, publishToTopic, snsTopic } from './snsTopic';
import { teams } from './teams';

/** What destinations need of the world outside. */
export interface TransportTools {
  readonly fetch: Fetch;
  readonly secrets: Secrets;
  /** The SDK's client unless given. */
  readonly publish?: PublishToTopic;
  readonly context: MessageContext;
  /** Renders digests and follow-ups for the webhook, which is in the first bundle. */
  readonly more: () => Promise<Pick<More, 'digestMessage' | 'followUpMessage'>>;
}

/** A destination as the settings describe it. Nothing is called before the first message. */
export function destinationOf(settings: DestinationSettings, tools: TransportTools): Destination {
  switch (settings.type) {
    case 'slack-webhook':
      return slackWebhook(settings.secret, tools);
    case 'slack-bot':
      return slackBot(
        settings,
        slackApi(settings.secret, settings.apiUrl ?? 'https://slack.com/api', tools),
        tools.context,
      );
    case 'sns':
      return snsTopic(settings.topicArn, { publish: publishToTopic, ...tools });
    case 'signed-webhook':
      return signedWebhook(settings, tools);
    case 'teams':
      return teams(settings.secret, tools);
    case 'pagerduty':
      return pagerduty(settings, tools);
  }
}
