import type { Entry, Link } from './chain';
import type { Content } from './content';

/** An item as it lies in the table: an entry below `chain`, or a pointer to one below one of its keys. */
export interface StoredItem {
  /** `chain`, or a key of `keysOf`. */
  readonly id: string;
  /** Number of the entry. */
  readonly number: number;
  /** Of entries only: canonical JSON. */
  readonly content?: string;
  readonly previous?: string;
  readonly hash?: string;
}

/** Below it lie the entries themselves. */
export const chainId = 'chain';

/** Of one transaction: DynamoDB's limit. An entry counts one, and one for each of its keys. */
export const mostItems = 100;

/**
 * The record's table. Nothing in it is ever changed: an entry's number is taken once, by whoever is first, and that is
 * all the locking there is. Whoever decides on what was read writes only if nobody has written since.
 */
export interface RecordTable {
  /** The newest entry's place; `beginning` when there is none. */
  tail(): Promise<Link>;
  /** Writes entries that follow on the tail, all or none; false when somebody else was quicker. */
  append(entries: readonly Entry[]): Promise<boolean>;
  /** Entries that have a key, the newest first; all of them unless `limit` is given. */
  under(key: string, limit?: number): Promise<readonly Entry[]>;
  /** Entries from a number on, in their order. */
  from(number: number): AsyncIterable<Entry>;
  /** Every item there is, as it lies there, in no order. */
  items(): AsyncIterable<StoredItem>;
}

/** DynamoDB did not answer, or refused. `reason` is AWS's name for the error. */
export class RecordUnavailable extends Error {
  override readonly name = 'RecordUnavailable';
  readonly code = 'attestation.record.unavailable';

  constructor(
    readonly reason: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`The record does not answer: ${reason}.`, options);
  }
}

/** Several functions wrote at once, again and again. What was to be written comes again. */
export class RecordBusy extends Error {
  override readonly name = 'RecordBusy';
  readonly code = 'attestation.record.busy';
}

/** An item that is no entry stands where one should. `garrison attest verify` says more. */
export class RecordDamaged extends Error {
  override readonly name = 'RecordDamaged';
  readonly code = 'attestation.record.damaged';

  constructor(readonly number: number) {
    super(`Entry ${number} of the record cannot be read.`);
  }
}

/** An item as an entry. Its hash is not checked here. @throws RecordDamaged */
export function entryOf({ number, content, previous, hash }: StoredItem): Entry {
  if (content === undefined || previous === undefined || hash === undefined) {
    throw new RecordDamaged(number);
  }
  try {
    return { number, previous, hash, content: JSON.parse(content) as Content };
  } catch {
    throw new RecordDamaged(number);
  }
}
