import type { Watcher } from '../engine';
import { eventOf } from '../engines';
import { Anchors } from '../hunt/anchors';
import { recordsIn } from '../hunt/records';
import { RecordScanner } from '../hunt/scanner';
import { type CloudTrailRecord, textAt } from '../record';
import { redacted } from '../redact';
import { bursts, counterKey } from '../thresholds';

/** A file that CloudTrail delivered. */
export interface DeliveredFile {
  readonly bucket: string;
  readonly key: string;
  /** Tells one content of the object from another. */
  readonly version: string;
}

/** What the processing of delivered files stands on. */
export interface LogFilePorts {
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

export type Outcome =
  | { readonly kind: 'processed'; readonly records: number; readonly alerts: number }
  | { readonly kind: 'known' };

/**
 * Runs the catalog over a delivered file and puts an alert on the queue for each detection that fires. A file is
 * processed once, however often it is announced; one whose processing failed is taken again. Throws what the ports throw. Thresholds are counted
 * within the file: five minutes of one account and region.
 */
export async function processLogFile(
  file: DeliveredFile,
  watchers: readonly Watcher[],
  ports: LogFilePorts,
  runbooks = 'docs/detections.md',
): Promise<Outcome> {
  const id = `log-file:${file.bucket}/${file.key}#${file.version}`;
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
  watchers: readonly Watcher[],
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
  private readonly counts = new Map<string, { watcher: Watcher; times: number[]; record: CloudTrailRecord }>();

  constructor(
    private readonly watchers: readonly Watcher[],
    private readonly runbooks: string,
  ) {}

  ask(record: CloudTrailRecord, numbers: Iterable<number>): void {
    for (const number of numbers) {
      const watcher = this.watchers[number] as Watcher;
      if (watcher.matches(record)) {
        this.add(watcher, record);
      }
    }
  }

  bodies(): readonly string[] {
    for (const { watcher, times, record } of this.counts.values()) {
      const { threshold } = watcher.configured;
      if (threshold && bursts(times, threshold).length > 0) {
        this.list.push(this.body(watcher, record));
      }
    }
    this.counts.clear();
    return this.list;
  }

  private add(watcher: Watcher, record: CloudTrailRecord): void {
    const { threshold, detection } = watcher.configured;
    if (!threshold) {
      this.list.push(this.body(watcher, record));
      return;
    }
    const key = `${detection.id} ${counterKey(threshold, record)}`;
    const entry = this.counts.get(key) ?? { watcher, times: [], record };
    entry.times.push(Date.parse(textAt(record, 'eventTime') ?? '') || 0);
    this.counts.set(key, entry);
  }

  private body({ configured: { detection } }: Watcher, record: CloudTrailRecord): string {
    const mark = {
      id: detection.id,
      title: detection.title,
      severity: detection.severity,
      runbook: `${this.runbooks}#${detection.id}`,
    };
    return JSON.stringify({ detection: mark, event: eventOf(redacted(record, detection)) });
  }
}
