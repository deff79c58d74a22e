import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../detections/catalog';
import type { CloudTrailRecord } from '../../detections/record';

export interface SourcedRecord {
  readonly source: string;
  readonly record: CloudTrailRecord;
}

const corpusFile = join(__dirname, '../fixtures/cloudtrail/events.ndjson');

/** Recorded events. */
export const corpus: readonly SourcedRecord[] = readFileSync(corpusFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map(({ source, event }) => ({ source, record: event }));

/** Recorded events, and the examples of every detection. */
export const everyRecord: readonly SourcedRecord[] = [
  ...corpus,
  ...catalog.flatMap(({ id, firing, quiet }) =>
    [...firing, ...quiet].map(({ title, record }) => ({ source: `${id}: ${title}`, record })),
  ),
];
