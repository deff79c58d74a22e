import type { More } from '../loadMore';
import type { MessageContext } from '../message/context';
import type { DestinationSettings } from '../settings';
import type { Destination } from './destination';
import type { Fetch } from './http';
import type { Secrets } from './secrets';
import type { PublishToTopic } from './snsTopic';

/** What destinations need of the world outside. */
export interface TransportTools {
  readonly fetch: Fetch;
  readonly secrets: Secrets;
  /** The SDK's client unless given. */
  readonly publish?: PublishToTopic;
  readonly context: MessageContext;
  /** Renders digests and follow-ups for the webhook, which is in the first bundle. */
  readonly more: () => Pick<More, 'appButtons' | 'digestMessage' | 'followUpMessage'>;
}

type DestinationType = DestinationSettings['type'];

/** Makes a destination of one type. Nothing is called before the first message. */
export type DestinationFactory<Type extends DestinationType> = (
  settings: Extract<DestinationSettings, { type: Type }>,
  tools: TransportTools,
) => Destination;

/** The types of destinations that a function knows: those of its settings. */
export type DestinationFactories = { readonly [Type in DestinationType]?: DestinationFactory<Type> };

/** A destination as the settings describe it; `undefined` where its type is not among the factories. */
export function makeDestination(
  settings: DestinationSettings,
  factories: DestinationFactories,
  tools: TransportTools,
): Destination | undefined {
  const make = factories[settings.type] as DestinationFactory<DestinationType> | undefined;
  return make?.(settings, tools);
}
