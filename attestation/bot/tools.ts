import { consoleLog, type Log } from '../../notifier/log';
import { dynamodbTable } from '../../notifier/state/dynamodbTable';
import type { AlertTable } from '../../notifier/state/table';
import { fetchSecret } from '../../notifier/transports/fetchSecret';
import { Secrets } from '../../notifier/transports/secrets';
import type { AttestationTools } from '../questions/tools';
import { type SlackCall, slackCall } from '../slack/client';
import { attestationTools } from '../tools';
import type { SeenTable } from './once';
import { jsonQueue } from './queue';
import type { BotSettings } from './settings';
import type { Work } from './work';

/** A decision on a response that somebody was asked to approve. */
export interface Decision {
  readonly decision: {
    readonly response: string;
    readonly action: 'approve' | 'decline';
    readonly person: { readonly id: string; readonly name: string };
    /** ISO 8601. */
    readonly at: string;
  };
}

/** What the bot works with: one for each warm function. */
export interface BotTools {
  readonly settings: BotSettings;
  readonly secrets: Secrets;
  readonly slack: SlackCall;
  readonly table: SeenTable;
  /** The notifier's table. */
  readonly alerts: Pick<AlertTable, 'get'>;
  readonly attestation?: AttestationTools;
  /** Leaves work to the second function. */
  readonly later: (work: Work) => Promise<void>;
  readonly decide?: (decision: Decision) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

export function botTools(settings: BotSettings): BotTools {
  const { homeRegion, attestation, responsesQueueUrl } = settings;
  const core = attestation && attestationTools(attestation);
  const secrets = core?.secrets ?? new Secrets((reference) => fetchSecret(reference, homeRegion));
  return {
    settings,
    secrets,
    slack: slackCall(settings.slack, secrets),
    table: dynamodbTable(settings.tableName, homeRegion),
    alerts: core?.alerts ?? dynamodbTable(settings.alertTable, homeRegion),
    attestation: core,
    later: jsonQueue<Work>(settings.workQueueUrl, homeRegion),
    decide: responsesQueueUrl === undefined ? undefined : jsonQueue<Decision>(responsesQueueUrl, homeRegion),
    now: () => new Date(),
    log: consoleLog,
  };
}
