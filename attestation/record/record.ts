import type { Log } from '../../notifier/log';
import { chained, type Entry } from './chain';
import type { Content } from './content';
import { RecordBusy, type RecordTable } from './table';

export interface RecordTools {
  readonly table: RecordTable;
  readonly log: Log;
  /** Between 0 and 1. */
  readonly chance?: () => number;
}

/** What was written, and what the decision was for. */
export interface Recorded<Result> {
  readonly entries: readonly Entry[];
  readonly result: Result;
}

const attempts = 24;
const longestPause = 400;

/**
 * Decides on what the record holds and writes what follows: all of it or nothing, and only if nobody has written
 * between the reading and the writing; else decides anew. `decide` reads the record and answers with what is to be
 * written; with nothing, nothing is.
 *
 * Each new end of the chain goes into the log, where it cannot be changed: `garrison attest verify` compares.
 *
 * @throws RecordBusy, RecordUnavailable
 */
export async function record<Result>(
  tools: RecordTools,
  decide: () => Promise<{ readonly contents: readonly Content[]; readonly result: Result }>,
): Promise<Recorded<Result>> {
  const chance = tools.chance ?? Math.random;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // The end first: whatever is written after this makes the writing fail, so what is decided on cannot be stale.
    const tail = await tools.table.tail();
    const { contents, result } = await decide();
    const entries = chained(tail, contents);
    const last = entries.at(-1);
    if (last === undefined) {
      return { entries, result };
    }
    if (await tools.table.append(entries)) {
      tools.log('info', 'attestation.head', { number: last.number, hash: last.hash });
      return { entries, result };
    }
    await new Promise((resolve) => setTimeout(resolve, chance() * Math.min(10 * 2 ** attempt, longestPause)));
  }
  throw new RecordBusy('The record is busy.');
}
