import { accountDetections } from '../accountDetections';
import { type AccountWatcher, accountWatchers, type LogFileDetection } from '../logFile/settings';
import { type CloudTrailRecord, textAt } from '../record';
import { Anchors } from './anchors';
import { Gatherer } from './gatherer';
import type { PartFound } from './partialFiles';
import type { FilePart, Range } from './parts';
import { readPieces } from './readFile';
import { recordsIn } from './records';
import { RecordScanner } from './scanner';

export interface HuntOptions {
  /** What holds for which accounts; the catalog as it is, unless given. */
  readonly detections?: readonly LogFileDetection[];
  /** ISO 8601: earlier records do not count. */
  readonly since?: string;
}

/** Hunts through a file, or a part of one. False when the part does not end where a record does. */
export type FileHunter = (file: FilePart, gatherer: Gatherer) => Promise<boolean>;

/** Details of so many findings go with each part of a file, and of each detection at least so many. */
const findingsOfPart = 1000;
const ofEachInPart = 25;

/** Prepares the whole catalog once, for many files. The hunter never throws: the gatherer hears of a broken file. */
export function createFileHunter({ detections = accountDetections(), since }: HuntOptions): FileHunter {
  const all = accountWatchers(detections);
  const anchors = new Anchors(all);
  return async (file, gatherer) => {
    const { path, name = path, range } = file;
    const scanner = new RecordScanner(anchors, (value) => {
      let wasOfInterest = false;
      for (const record of recordsIn(value)) {
        const asked = isBefore(record, since) ? [] : anchors.watchersOf(record);
        wasOfInterest ||= asked.length > 0;
        ask(all, asked, record, gatherer);
      }
      return wasOfInterest;
    });
    let bytes = 0;
    let broken: string | undefined;
    let isWhole = true;
    try {
      if (range !== undefined && range.from > 0) {
        scanner.begin(range.within);
      }
      await readPieces(path, range, (piece) => {
        bytes += piece.length;
        scanner.push(piece);
      });
      if (range === undefined || range.isLast) {
        scanner.end();
      } else {
        isWhole = scanner.isBetweenRecords(range.within);
      }
    } catch (error) {
      broken = (error as Error).message;
      isWhole = false;
    }
    gatherer.done({ file: name, records: scanner.records, bytes, broken, continued: range && range.from > 0 });
    return isWhole;
  };
}

/** Hunts through a part of a file, with a gatherer of its own. */
export async function huntPart(hunter: FileHunter, file: FilePart, range: Range): Promise<PartFound> {
  const gatherer = new Gatherer(findingsOfPart, ofEachInPart);
  const isWhole = await hunter(file, gatherer);
  return { path: file.path, range, isWhole, state: gatherer.state() };
}

function isBefore({ eventTime }: CloudTrailRecord, since: string | undefined): boolean {
  return since !== undefined && typeof eventTime === 'string' && eventTime < since;
}

function ask(
  watchers: readonly AccountWatcher[],
  numbers: readonly number[],
  record: CloudTrailRecord,
  gatherer: Gatherer,
): void {
  for (const number of numbers) {
    const watcher = watchers[number] as AccountWatcher;
    if (watcher.matches(record) && watcher.appliesTo(accountOf(record))) {
      gatherer.add(watcher.configured, record);
    }
  }
}

function accountOf(record: CloudTrailRecord): string | undefined {
  return textAt(record, 'recipientAccountId') ?? textAt(record, 'userIdentity.accountId');
}
