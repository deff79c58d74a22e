import type { Watcher } from '../engine';
import { eventOf } from '../engines';
import { Anchors } from '../hunt/anchors';
import { recordsIn } from '../hunt/records';
import { RecordScanner } from '../hunt/scanner';
import { markOf } from '../mark';
import { type CloudTrailRecord, textAt } from '../record';
import { redacted } from '../redact';
import { counterKey } from '../thresholds';
import { type CountedEvent, worthCounting } from './counted';

/** A file that CloudTrail delivered. */
export interface DeliveredFile {
  readonly bucket: string;
  readonly key: string;
  /** Tells one content of the object from another; empty where nobody said. */
  readonly version: string;
}

/** What the processing of delivered files stands on. */
export interface LogFilePorts {
  /** The version of a file whose announcement did not say. */
  version(file: DeliveredFile): Promise<string>;
  /** The file's bytes, unpacked. */
  open(file: DeliveredFile): Promise<AsyncIterable<Buffer>>;
  /** `yours` for whoever comes first, or after one that gave up or never came back. */
  claim(id: string): Promise<'yours' | 'busy' | 'done'>;
  finish(id: string): Promise<void>;
  /** Gives a claim back: processing failed. */
  release(id: string): Promise<void>;
  /** Bodies for the alert queue. */
  send(bodies: readonly string[]): Promise<void>;
}

/** A watcher that may be asked about the records of some accounts only. */
export type LogFileWatcher = Watcher & { appliesTo?(accountId: string | undefined): boolean };

export type Outcome =
  | { readonly kind: 'processed'; readonly records: number; readonly alerts: number }
  | { readonly kind: 'known' };

/**
 * Runs the catalog over a delivered file and puts an alert on the queue for each detection that fires. A file is
 * processed once, however often it is announced; one whose processing failed is taken again. Throws what the ports
 * throw. For detections that count, the events go to the queue and the notifier counts them: a window reaches over many
 * files.
 */
export async function processLogFile(
  file: DeliveredFile,
  watchers: readonly LogFileWatcher[],
  ports: LogFilePorts,
  runbooks = 'docs/detections.md',
): Promise<Outcome> {
  const version = file.version || (await ports.version(file));
  const id = `log-file:${file.bucket}/${file.key}#${version}`;
  const claim = await ports.claim(id);
  if (claim === 'done') {
    return { kind: 'known' };
  }
  if (claim === 'busy') {
    throw new Error(`${file.key} is being processed elsewhere: try again when that has ended`);
  }
  try {
    const outcome = await run(file, watchers, ports, runbooks);
    await ports.finish(id);
    return outcome;
  } catch (error) {
    await ports.release(id);
    throw error;
  }
}

async function run(
  file: DeliveredFile,
  watchers: readonly LogFileWatcher[],
  ports: LogFilePorts,
  runbooks: string,
): Promise<Outcome> {
  const alerts = new AlertList(watchers, runbooks);
  const anchors = new Anchors(watchers);
  const scanner = new RecordScanner(anchors, (value) => {
    for (const record of recordsIn(value)) {
      alerts.ask(record, anchors.watchersOf(record));
    }
  });
  for await (const piece of await ports.open(file)) {
    scanner.push(piece);
  }
  scanner.end();
  const bodies = alerts.bodies();
  await ports.send(bodies);
  return { kind: 'processed', records: scanner.records, alerts: bodies.length };
}

class AlertList {
  private readonly list: string[] = [];
  private readonly counted = new Map<string, { watcher: Watcher; events: CountedEvent[] }>();

  constructor(
    private readonly watchers: readonly LogFileWatcher[],
    private readonly runbooks: string,
  ) {}

  ask(record: CloudTrailRecord, numbers: Iterable<number>): void {
    const accountId = textAt(record, 'recipientAccountId') ?? textAt(record, 'userIdentity.accountId');
    for (const number of numbers) {
      const watcher = this.watchers[number] as LogFileWatcher;
      if (watcher.appliesTo?.(accountId) !== false && watcher.matches(record)) {
        this.add(watcher, record);
      }
    }
  }

  bodies(): readonly string[] {
    for (const { watcher, events } of this.counted.values()) {
      const { threshold } = watcher.configured;
      this.list.push(...(threshold ? worthCounting(events, threshold) : events).map(({ body }) => body));
    }
    this.counted.clear();
    return this.list;
  }

  private add(watcher: Watcher, record: CloudTrailRecord): void {
    const { threshold, detection } = watcher.configured;
    const body = this.body(watcher, record);
    if (!threshold) {
      this.list.push(body);
      return;
    }
    const key = `${detection.id} ${counterKey(threshold, record)}`;
    const entry = this.counted.get(key) ?? { watcher, events: [] };
    entry.events.push({ time: Date.parse(textAt(record, 'eventTime') ?? '') || 0, body });
    this.counted.set(key, entry);
  }

  private body({ configured }: Watcher, record: CloudTrailRecord): string {
    return JSON.stringify({
      detection: markOf(configured, this.runbooks),
      event: eventOf(redacted(record, configured.detection)),
    });
  }
}
