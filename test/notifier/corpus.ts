import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert, Ignored } from '../../notifier/alert';
import { looseEvents } from '../../notifier/events/loose';
import { parseEvent } from '../../notifier/events/parse';
import * as more from '../../notifier/more';

const folder = join(__dirname, '../fixtures/notifier');

/** Every event of the fixtures, by name. */
export const corpus: readonly { readonly name: string; readonly event: unknown }[] = [
  ...readdirSync(join(folder, 'guardduty')).map((file) => ({
    name: file,
    event: looseEvents(JSON.parse(readFileSync(join(folder, 'guardduty', file), 'utf8')))[0],
  })),
  ...readFileSync(join(folder, '../cloudtrail/events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => ({ name: `cloudtrail:${index + 1}`, event: looseEvents(JSON.parse(line))[0] })),
];

export const findingTypes = JSON.parse(readFileSync(join(folder, 'findingTypes.json'), 'utf8')) as string[];

export async function parsed(event: unknown): Promise<Alert | Ignored> {
  return parseEvent(event, () => more);
}

/** The alert of an event that has to become one. */
export async function alertOf(event: unknown): Promise<Alert> {
  const alert = await parsed(event);
  if ('ignored' in alert) {
    throw new Error(`ignored: ${alert.ignored}`);
  }
  return alert;
}

/** A finding in EventBridge's envelope. */
export function findingEvent(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const detail = {
    schemaVersion: '2.0',
    accountId: '123456789012',
    region: 'eu-central-1',
    partition: 'aws',
    id: '16afba5c5c43e07c9e3e5e2e544e95df',
    type: 'CryptoCurrency:EC2/BitcoinTool.B!DNS',
    severity: 8,
    title: 'EC2 instance i-0abc is querying a domain of a Bitcoin pool.',
    description: 'EC2 instance i-0abc is querying a domain name that is associated with Bitcoin.',
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:05:00.000Z',
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0abc' } },
    service: {
      serviceName: 'guardduty',
      action: {
        actionType: 'DNS_REQUEST',
        dnsRequestAction: { domain: 'pool.example.com', protocol: 'UDP', blocked: false },
      },
      additionalInfo: {},
      eventFirstSeen: '2026-11-20T10:00:00.000Z',
      eventLastSeen: '2026-11-20T10:04:00.000Z',
      archived: false,
      count: 3,
    },
    ...overrides,
  };
  return {
    version: '0',
    id: 'c0ffee00-0000-0000-0000-000000000000',
    source: 'aws.guardduty',
    'detail-type': 'GuardDuty Finding',
    account: detail.accountId,
    region: detail.region,
    time: detail.updatedAt,
    resources: [],
    detail,
  };
}

/** A rule of the bus, as the rollout of detections makes it. */
export function ruleOf(id: string, severity: string) {
  const mark = JSON.stringify({ id, title: 'A title', severity, threshold: { count: 5, windowSeconds: 60, by: [] } });
  return {
    eventPattern: { source: ['aws.iam'] },
    inputTransformer: { inputTemplate: `{"detection":${mark},"event":<aws.events.event.json>}` },
  };
}
