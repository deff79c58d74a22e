import type { Watcher } from '../engine';
import { type Finding, findingOf } from '../finding';
import { type CloudTrailRecord, isRecord, textAt } from '../record';
import { counterKey } from '../thresholds';

/** An event that counts towards a threshold. */
export interface Count {
  readonly detection: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What an alert says: with the first event of its key, not again with every one. */
  readonly finding?: Finding;
}

export interface Examiner {
  /** Asks some of the watchers about the JSON text of a record. Throws `SyntaxError`. */
  examine(text: string, watchers: ReadonlySet<number>): void;
}

export interface ExaminerOutput {
  finding(finding: Finding): void;
  count(count: Count): void;
}

/** Parses records and asks the watchers. Records before `since` (ISO 8601) are left out. */
export function createExaminer(watchers: readonly Watcher[], output: ExaminerOutput, since?: string): Examiner {
  const known = new Set<string>();
  const ask = (record: CloudTrailRecord, numbers: Iterable<number>) => {
    if (since !== undefined && typeof record.eventTime === 'string' && record.eventTime < since) {
      return;
    }
    for (const number of numbers) {
      const watcher = watchers[number] as Watcher;
      if (watcher.matches(record)) {
        tell(watcher, record, output, known);
      }
    }
  };
  return {
    examine(text, numbers) {
      for (const record of recordsIn(JSON.parse(text))) {
        ask(record, numbers);
      }
    },
  };
}

function tell({ configured }: Watcher, record: CloudTrailRecord, output: ExaminerOutput, known: Set<string>): void {
  const { detection, threshold } = configured;
  if (!threshold) {
    output.finding(findingOf(configured, record));
    return;
  }
  const key = counterKey(threshold, record);
  const id = `${detection.id} ${key}`;
  const time = Date.parse(textAt(record, 'eventTime') ?? '');
  const finding = known.has(id) ? undefined : findingOf(configured, record);
  known.add(id);
  output.count({ detection: detection.id, key, time: Number.isNaN(time) ? 0 : time, finding });
}

/** A record may come by itself, in an EventBridge event, in the answer of LookupEvents, or in a list. */
export function recordsIn(value: unknown): CloudTrailRecord[] {
  if (!isRecord(value)) {
    return [];
  }
  if (typeof value.eventName === 'string') {
    return [value];
  }
  if (typeof value.CloudTrailEvent === 'string') {
    return recordsIn(JSON.parse(value.CloudTrailEvent));
  }
  const list = value.Records ?? value.Events;
  if (Array.isArray(list)) {
    return list.flatMap(recordsIn);
  }
  return [value.detail, value.event].flatMap((inner) =>
    isRecord(inner) && typeof inner.eventName === 'string' ? [inner] : [],
  );
}
