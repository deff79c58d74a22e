import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { consoleLog } from '../notifier/log';
import { dynamodbTable } from '../notifier/state/dynamodbTable';
import { fetchSecret } from '../notifier/transports/fetchSecret';
import { Secrets } from '../notifier/transports/secrets';
import type { AttestationTools } from './questions/tools';
import { dynamodbRecord } from './record/dynamodbTable';
import type { AttestationSettings } from './settings';
import { alertQueue } from './slack/alertQueue';
import { slackDirectory } from './slack/directory';
import { ticketWebhook } from './slack/ticketWebhook';

/** `settings.json` beside a function's bundle. */
export async function readSettings(folder: string): Promise<AttestationSettings> {
  return JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as AttestationSettings;
}

/** What the attestation's functions work with: one for each warm function. */
export function attestationTools(settings: AttestationSettings): AttestationTools & { readonly secrets: Secrets } {
  const { homeRegion } = settings;
  const secrets = new Secrets((reference) => fetchSecret(reference, homeRegion));
  return {
    settings,
    secrets,
    table: dynamodbRecord(settings.recordTable, { region: homeRegion }),
    alerts: dynamodbTable(settings.alertTable, homeRegion),
    slack: slackDirectory(settings.slack, secrets),
    askTicket: ticketWebhook(settings.ticket.webhook, { fetch, secrets }),
    say: alertQueue(settings.alertQueueUrl, homeRegion),
    now: () => new Date(),
    log: consoleLog,
  };
}
