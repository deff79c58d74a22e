import type { Alert } from '../alert';
import { digest } from '../hash';
import { text, texts, time } from './read';

/** What the envelope of any event says. */
export function readEnvelope(event: unknown): Alert {
  const [source, kind] = [text(event, 'source') ?? '', text(event, 'detail-type') ?? ''];
  const happened = time(event, 'time');
  return {
    id: digest(['event', text(event, 'id') ?? JSON.stringify(event)]),
    source: 'other',
    type: `${source}:${kind}`,
    title: kind,
    band: 'Low',
    sample: false,
    accountId: text(event, 'account') ?? '',
    region: text(event, 'region') ?? '',
    resources: texts(event, 'resources').map((name) => ({ kind: 'Resource', name, facts: [] })),
    action: { kind: 'other', text: `${source}: ${kind}` },
    firstSeen: happened,
    lastSeen: happened,
    attack: [],
    signals: [],
    facts: [],
    eventId: text(event, 'id'),
  };
}
