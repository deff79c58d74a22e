import type { DestinationSettings, NotifierSettings } from '../../notifier/settings';
import { secretsOf } from '../notifierSecrets';

/** What is put on the alert queue beside findings: who is not there needs no code. */
export interface NotifierUse {
  /** Detections that are rolled out. */
  readonly detections: boolean;
  /** Responders or attestation, which speak under alerts. */
  readonly followUps: boolean;
}

type DestinationType = DestinationSettings['type'];

/** Name and file of each destination's factory. */
const factories: Readonly<Record<DestinationType, readonly [name: string, file: string]>> = {
  'slack-webhook': ['slackWebhook', 'slackWebhook'],
  'slack-bot': ['slackBot', 'slackBot'],
  sns: ['snsTopic', 'snsTopic'],
  'signed-webhook': ['signedWebhook', 'signedWebhook'],
  teams: ['teams', 'teams'],
  pagerduty: ['pagerduty', 'pagerduty'],
};
/** Small enough for the first bundle, where it is what most alerts need. */
const small: DestinationType = 'slack-webhook';

/**
 * The entries of a function's two bundles, as source: the first with what every alert needs, the second with what else
 * its settings can ask for. What they do not import the bundler leaves out.
 *
 * @param folder where `notifier/` is, for the imports
 */
export function notifierSource(
  settings: NotifierSettings,
  use: NotifierUse,
  folder: string,
): { readonly index: string; readonly more: string } {
  const from = (file: string) => `from ${JSON.stringify(`${folder}/${file}`)};`;
  const types = new Set(Object.values(settings.destinations).map(({ type }) => type));
  const parametersOnly = secretsOf(settings).every(({ kind }) => kind === 'parameter');
  const first = settings.destinations[settings.defaultDestination]?.type === small ? [small] : [];
  const later = [...types].filter((type) => !first.includes(type));
  return {
    index: [
      `import { notifierHandler } ${from('handler')}`,
      ...(parametersOnly ? [`import { fetchParameter as fetchSecret } ${from('transports/fetchParameter')}`] : []),
      destinationsSource(first, from),
      `export const handler = notifierHandler({ destinations${parametersOnly ? ', fetchSecret' : ''} });`,
    ].join('\n'),
    more: [
      ...exported(use).map(([names, file]) => `export { ${names} } ${from(file)}`),
      ...(parametersOnly ? [] : [`export { fetchSecret } ${from('transports/fetchSecret')}`]),
      ...(types.has('slack-bot') ? [`export { repeat } ${from('repeating')}`] : []),
      ...(hasApp(settings)
        ? [`export { keepEvent } ${from('keeping')}`, `export { appButtons } ${from('message/appButtons')}`]
        : []),
      destinationsSource(later, from),
      `import { makeDestination } ${from('transports/tools')}`,
      'export const destinationOf = (settings, tools) => makeDestination(settings, destinations, tools);',
    ].join('\n'),
  };
}

function hasApp({ destinations }: NotifierSettings): boolean {
  return Object.values(destinations).some((destination) => destination.type === 'slack-bot' && destination.app);
}

function destinationsSource(types: readonly DestinationType[], from: (file: string) => string): string {
  const imports = types.map((type) => `import { ${factories[type][0]} } ${from(`transports/${factories[type][1]}`)}`);
  const members = types.map((type) => `${JSON.stringify(type)}: ${factories[type][0]}`);
  return [...imports, `const destinations = { ${members.join(', ')} };`].join('\n');
}

/** Names as `notifier/more.ts` has them; stand-ins for what is not used. */
function exported(use: NotifierUse): readonly (readonly [names: string, file: string])[] {
  return [
    ['flushDigest, putInDigest', 'digesting'],
    ['digestMessage', 'message/digestMessage'],
    ['failed, simplified, unreadable, withoutTable', 'failing'],
    ['hideMessage', 'queueClient'],
    ['pauseAfter, pauseFor', 'retry'],
    ['selfTest', 'selfTest'],
    ['withSequence', 'events/attackSequence'],
    ['withDetection', 'events/detection'],
    ['memoryTable', 'state/memoryTable'],
    ...(use.detections
      ? ([
          ['readOtherEvent', 'events/others'],
          ['readThreshold', 'events/threshold'],
          ['countOne', 'counting'],
        ] as const)
      : ([
          ['readEnvelope as readOtherEvent', 'events/envelope'],
          ['noThreshold as readThreshold, everyOne as countOne', 'absent'],
        ] as const)),
    ...(use.followUps
      ? ([
          ['deliverFollowUp', 'followUps/deliver'],
          ['decideFollowUp', 'followUps/place'],
          ['parseFollowUp', 'followUps/read'],
          ['followUpMessage', 'message/followUpMessage'],
        ] as const)
      : ([['noFollowUps as parseFollowUp', 'absent']] as const)),
  ];
}
