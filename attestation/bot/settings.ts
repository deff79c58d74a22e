import type { AttestationSettings } from '../settings';

/** All that the bot's two functions know: plain data, written at synth to `settings.json`. Holds no secrets. */
export interface BotSettings {
  readonly version: 1;
  readonly homeRegion: string;
  readonly slack: Pick<AttestationSettings['slack'], 'botToken' | 'signingSecret' | 'apiUrl'>;
  /** DynamoDB table of what was seen: signatures, clicks, words said. Everything in it expires. */
  readonly tableName: string;
  /** The notifier's table: threads, and the events of alerts. */
  readonly alertTable: string;
  /** Of the windows behind an alert's buttons. */
  readonly language: 'en' | 'ja';
  /** Where `garrison.yaml` is edited. */
  readonly configurationUrl?: string;
  /** Address of the queue for what takes longer than Slack waits. */
  readonly workQueueUrl: string;
  /** When people are asked what they used a privilege for. */
  readonly attestation?: AttestationSettings;
  /** When responders may be approved: address of the queue that takes decisions. */
  readonly responsesQueueUrl?: string;
}
