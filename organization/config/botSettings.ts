import type { BotSettings } from '../../attestation/bot/settings';
import type { AttestationSettings } from '../../attestation/settings';
import type { NotifierSettings } from '../../notifier/settings';
import type { AttestationConfig } from './attestation';
import { attestationDestination, slackApi } from './attestationSettings';
import { secretOf } from './notifierSettings';
import type { RespondersConfig } from './responders';

/** What the bot has to know beside the sections that want it. */
export interface BotSurroundings {
  readonly homeRegion: string;
  readonly notifier: NotifierSettings;
  /** When people are asked what they used a privilege for. */
  readonly attestationSettings?: AttestationSettings;
  readonly tableName: string;
  readonly alertTable: string;
  readonly workQueueUrl: string;
  readonly responsesQueueUrl: string;
}

/** The sections that can want the bot. */
export interface BotSections {
  readonly attestation: AttestationConfig;
  readonly responders: RespondersConfig;
}

/** Whether some responder asks before it acts. */
export function asksForApproval({ enabled, enforce }: RespondersConfig): boolean {
  return enabled !== 'none' && enforce.some(({ approval }) => approval);
}

/**
 * The `settings.json` of the bot's functions; `undefined` when nothing is on that Slack would have to call. Pure; holds
 * no secrets.
 */
export function botSettings(
  { attestation, responders }: BotSections,
  around: BotSurroundings,
): BotSettings | undefined {
  const { homeRegion, notifier, attestationSettings, tableName, workQueueUrl, responsesQueueUrl } = around;
  const destination = notifier.destinations[attestationDestination(attestation)];
  const approvals = asksForApproval(responders);
  if (destination?.type !== 'slack-bot' || (attestationSettings === undefined && !approvals)) {
    return undefined;
  }
  return {
    version: 1,
    homeRegion,
    slack: {
      botToken: destination.secret,
      signingSecret: secretOf(attestation.signingSecret),
      apiUrl: destination.apiUrl ?? slackApi,
    },
    tableName,
    alertTable: around.alertTable,
    language: notifier.language,
    configurationUrl: notifier.configurationUrl,
    workQueueUrl,
    attestation: attestationSettings,
    responsesQueueUrl: approvals ? responsesQueueUrl : undefined,
  };
}
