import type { AttestationSettings } from '../../attestation/settings';
import type { NotifierSettings } from '../../notifier/settings';
import type { AttestationConfig } from './attestation';
import { secretOf } from './notifierSettings';

/** What the attestation's functions have to know beside their own section. */
export interface AttestationSurroundings {
  /** The notifier's settings: the attestation speaks through its bot. */
  readonly notifier: NotifierSettings;
  readonly recordTable: string;
  readonly alertTable: string;
  readonly alertQueueUrl: string;
}

/** Address of Slack's Web API. */
export const slackApi = 'https://slack.com/api';

/** Name of the destination through which people are asked: the one that is named, else notifier.slack. */
export function attestationDestination({ destination }: Pick<AttestationConfig, 'destination'>): string {
  return destination ?? 'slack';
}

/**
 * The `settings.json` of the attestation's functions; `undefined` when it is off. Pure; holds no secrets. That the
 * destination is a bot's, the schema of `garrison.yaml` has seen to.
 */
export function attestationSettings(
  config: AttestationConfig,
  around: AttestationSurroundings,
): AttestationSettings | undefined {
  const { notifier, recordTable, alertTable, alertQueueUrl } = around;
  const destination = notifier.destinations[attestationDestination(config)];
  if (!config.enabled || destination?.type !== 'slack-bot') {
    return undefined;
  }
  const { after, channel, mention } = config.escalation;
  return {
    version: 1,
    partition: notifier.partition,
    homeRegion: notifier.homeRegion,
    securityAccountId: notifier.securityAccountId,
    accounts: notifier.accounts.map(({ id, name }) => ({ id, ...(name && { name }) })),
    detections: config.detections,
    recordTable,
    alertTable,
    alertQueueUrl,
    slack: {
      botToken: destination.secret,
      signingSecret: secretOf(config.signingSecret),
      apiUrl: destination.apiUrl ?? slackApi,
      channel: destination.channel,
    },
    windowSeconds: config.window,
    reminders: config.reminders,
    escalation: { afterSeconds: after, channel, mention },
    people: config.people.map(({ identity, email, slack }) => ({ identity, email, slackUser: slack })),
    managers: config.managers,
    substitutes: config.substitutes,
    ticket: ticketSettings(config.ticket),
    longestAnnouncementSeconds: config.longestAnnouncement,
    summaryChannel: config.summaryChannel ?? destination.channel,
    language: notifier.language,
  };
}

function ticketSettings({ required, pattern, webhook }: AttestationConfig['ticket']): AttestationSettings['ticket'] {
  return {
    required,
    pattern,
    webhook: webhook && {
      url: secretOf(webhook.url),
      signingKey: secretOf(webhook.signingKey),
      timeoutMilliseconds: webhook.timeoutMilliseconds,
    },
  };
}
