import type { DestinationSettings, NotifierSettings, RouteSettings, SecretReference } from '../../notifier/settings';
import type { Account } from '../accounts';
import type { NotifierConfig } from './notifier';
import type { DestinationConfig, SecretConfig } from './notifierDestinations';
import type { RouteConfig } from './notifierRoutes';

/** What the notifier has to know of the organization beside its own section. */
export interface NotifierSurroundings {
  readonly partition: string;
  readonly homeRegion: string;
  readonly securityAccountId: string;
  readonly accounts: readonly Pick<Account, 'id' | 'name' | 'ou'>[];
  /** Name of the destination whose clicks the Slack app answers. */
  readonly app?: string;
  /** Name of the alert table; without one the notifier's memory has to do. */
  readonly tableName?: string;
}

const defaultWindows = { Low: 86_400, Medium: 28_800, High: 3_600, Critical: 900 } as const;
const defaultParameter = '/garrison/slack/webhook';

/** The notifier's `settings.json`, from its section of `garrison.yaml` and `accounts.csv`. Pure; holds no secrets. */
export function notifierSettings(config: NotifierConfig, around: NotifierSurroundings): NotifierSettings {
  return {
    version: 1,
    partition: around.partition,
    homeRegion: around.homeRegion,
    securityAccountId: around.securityAccountId,
    accounts: around.accounts.map(({ id, name, ou }) => ({ id, ...(name && { name }), ...(ou && { ou }) })),
    language: config.language,
    minimumSeverity: config.minimumSeverity,
    mention: config.slack.mention ?? 'none',
    destinations: withApp(around.app, {
      slack: slackDestination(config.slack),
      ...Object.fromEntries(
        Object.entries(config.destinations).map(([name, destination]) => [name, destinationOf(destination)]),
      ),
    }),
    defaultDestination: 'slack',
    routes: config.routes.map(routeOf),
    consoleAccess: consoleAccess(config.console),
    configurationUrl: config.configurationUrl,
    tableName: around.tableName,
    deduplication: {
      key: config.deduplication.key,
      windows: {
        Low: config.deduplication.windows.Low ?? defaultWindows.Low,
        Medium: config.deduplication.windows.Medium ?? defaultWindows.Medium,
        High: config.deduplication.windows.High ?? defaultWindows.High,
        Critical: config.deduplication.windows.Critical ?? defaultWindows.Critical,
      },
    },
    repeats: config.repeats,
    digest: { threshold: config.digest.threshold, windowSeconds: config.digest.seconds },
    samples: config.samples,
    recordDays: config.recordDays,
  };
}

/** Marks the destination whose clicks are answered. */
function withApp(
  name: string | undefined,
  destinations: Readonly<Record<string, DestinationSettings>>,
): NotifierSettings['destinations'] {
  const marked = name === undefined ? undefined : destinations[name];
  return name === undefined || marked?.type !== 'slack-bot'
    ? destinations
    : { ...destinations, [name]: { ...marked, app: true } };
}

function slackDestination(slack: NotifierConfig['slack']): DestinationSettings {
  if (slack.botToken !== undefined && slack.channel !== undefined) {
    return {
      type: 'slack-bot',
      secret: secretOf(slack.botToken),
      channel: slack.channel,
      apiUrl: slack.apiUrl,
    };
  }
  return {
    type: 'slack-webhook',
    secret: secretOf(slack.webhook ?? { parameter: slack.webhookParameter ?? defaultParameter }),
  };
}

function destinationOf(config: DestinationConfig): DestinationSettings {
  switch (config.type) {
    case 'slack-webhook':
      return { type: config.type, secret: secretOf(config.webhook) };
    case 'slack-bot':
      return { type: config.type, secret: secretOf(config.botToken), channel: config.channel };
    case 'sns':
      return config;
    case 'signed-webhook':
      return { type: config.type, url: secretOf(config.url), signingKey: secretOf(config.signingKey) };
    case 'teams':
      return { type: config.type, secret: secretOf(config.webhook) };
    case 'pagerduty':
      return { type: config.type, secret: secretOf(config.routingKey), endpoint: config.endpoint };
  }
}

function routeOf(route: RouteConfig, index: number): RouteSettings {
  return {
    name: route.name ?? `route ${index + 1}`,
    match: route.when,
    destinations: route.to,
    channel: route.channel,
    mention: route.mention,
    silence: route.silence,
  };
}

/** Where a secret lies, as the functions read it. */
export function secretOf(secret: SecretConfig): SecretReference {
  if ('parameter' in secret) {
    return { kind: 'parameter', name: secret.parameter };
  }
  return 'ciphertext' in secret
    ? { kind: 'ciphertext', ciphertext: secret.ciphertext }
    : { kind: 'secret', id: secret.secret, key: secret.key };
}

function consoleAccess(console: NotifierConfig['console']): NotifierSettings['consoleAccess'] {
  if (console === undefined) {
    return { kind: 'none' };
  }
  return 'accessPortal' in console
    ? { kind: 'accessPortal', url: console.accessPortal, roleName: console.role }
    : { kind: 'switchRole', roleName: console.switchRole };
}
