import { like } from '../../detections/condition';
import type { Watcher } from '../../detections/engine';
import { Anchors } from '../../detections/hunt/anchors';
import { type LogFile, logFiles } from '../../detections/hunt/files';
import { readPieces } from '../../detections/hunt/readFile';
import { recordsIn } from '../../detections/hunt/records';
import { RecordScanner } from '../../detections/hunt/scanner';
import { textAt } from '../../detections/record';
import type { ConfiguredGuardrail } from '../settings';
import { eventNamesOf } from './action';
import { type AgainstReport, Tally } from './tally';

/** Where to look, and whom to count. */
export interface AgainstOptions {
  readonly managementAccountId: string;
  /** Paths that roles may have, as logs do not tell them. */
  readonly rolePaths: readonly string[];
  /** Whether the guardrails would hold for an account. */
  readonly counted: (accountId: string) => boolean;
  /** ISO 8601: earlier records do not count. */
  readonly since?: string;
}

/**
 * Whom guardrails would have stopped, by CloudTrail's log files (as they are, or packed by gzip; folders with all that
 * is in them). A file that is broken is told in the report and passed over.
 *
 * @param tell is told of each file that is done
 * @throws what the file system throws when a path is not there
 */
export async function runAgainst(
  guardrails: readonly ConfiguredGuardrail[],
  paths: readonly string[],
  options: AgainstOptions,
  tell: (file: LogFile) => void = () => {},
): Promise<AgainstReport> {
  const tally = new Tally(guardrails, options);
  const anchors = new Anchors([watcher(guardrails)]);
  const broken: { file: string; reason: string }[] = [];
  let [files, records] = [0, 0];
  for (const file of logFiles(paths, options.since)) {
    const scanner = new RecordScanner(anchors, (value) => take(value, tally, options.since));
    files += 1;
    try {
      await readPieces(file.path, undefined, (piece) => scanner.push(piece));
      scanner.end();
    } catch (error) {
      broken.push({ file: file.path, reason: (error as Error).message });
    }
    records += scanner.records;
    tell(file);
  }
  const { judged, since, until } = tally;
  return { files, records, judged, since, until, broken, guardrails: tally.report() };
}

function take(value: unknown, tally: Tally, since: string | undefined): void {
  for (const record of recordsIn(value)) {
    if (since === undefined || (textAt(record, 'eventTime') ?? since) >= since) {
      tally.add(record);
    }
  }
}

/** What the scanner need not parse: calls that no statement names. A statement about everything leaves out none. */
function watcher(guardrails: readonly ConfiguredGuardrail[]): Watcher {
  const statements = guardrails.filter(({ off }) => off === undefined).flatMap((one) => one.statements);
  const all = statements.some(({ Action }) => Action === undefined || Action.includes('*'));
  const names = statements.flatMap(({ Action = [] }) => Action.flatMap(eventNamesOf));
  const condition = like(all ? 'requestParameters' : 'eventName', ...new Set(names));
  return { configured: { condition } as Watcher['configured'], matches: () => true };
}
