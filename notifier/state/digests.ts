import { epochSeconds } from '../epoch';
import type { DigestEntry } from '../message/digestMessage';
import { type AlertTable, change, type Item, type NewItem } from './table';

/** Where an alert was put. The leader's message stays in the queue until the digest closes, and then posts it. */
export interface DigestPlace {
  readonly digest: string;
  readonly leader: boolean;
  /** Epoch seconds. */
  readonly closesAt: number;
}

const mostEntries = 2_000;
const keptSeconds = 4 * 86_400;
const concurrency = 25;
const windowsAhead = 4;

/** Counts a message to a channel in the current window; true when it is one too many. */
export function isStorm(
  table: AlertTable,
  channel: string,
  now: Date,
  options: { readonly threshold: number; readonly windowSeconds: number },
): Promise<boolean> {
  const bucket = Math.floor(now.getTime() / 1_000 / options.windowSeconds);
  const id = `rate#${channel}#${bucket}`;
  return change(table, id, now, (found) => {
    const count = Number(found?.count ?? 0) + 1;
    return {
      item: { id, count, expiresAt: (bucket + 3) * options.windowSeconds + 60 },
      result: count > options.threshold,
    };
  });
}

/**
 * Puts an entry into the digest of the current window, or of a later one when that is closed already. An entry is
 * written under a number of its own before this resolves; whoever closes the digest blocks the numbers that are not
 * yet written, so that no entry falls between.
 *
 * @param announce called with the digest's id before anything is written
 */
export async function addToDigest(
  table: AlertTable,
  channel: string,
  entry: DigestEntry,
  now: Date,
  windowSeconds: number,
  announce: (digest: string) => Promise<void>,
): Promise<DigestPlace> {
  const current = Math.floor(now.getTime() / 1_000 / windowSeconds);
  for (let bucket = current; bucket < current + windowsAhead; bucket += 1) {
    const digest = `digest#${channel}#${bucket}`;
    const closesAt = (bucket + 1) * windowSeconds;
    await announce(digest);
    const number = await change(table, digest, now, (found) => reserved(found, digest, entry.id, closesAt));
    const written =
      number !== undefined &&
      (await table.create({
        id: `${digest}#${number}`,
        entry: JSON.stringify(entry),
        expiresAt: closesAt + keptSeconds,
      }));
    if (written) {
      return { digest, leader: number === 1, closesAt };
    }
  }
  return addToDigest(
    table,
    channel,
    entry,
    new Date(now.getTime() + windowsAhead * windowSeconds * 1_000),
    windowSeconds,
    announce,
  );
}

/** The digest that this alert leads, if it does. */
export async function ledDigest(table: AlertTable, digest: string, alertId: string): Promise<DigestPlace | undefined> {
  const found = await table.get(digest);
  return found?.leader === alertId ? { digest, leader: true, closesAt: Number(found.closesAt) } : undefined;
}

/** Closes a digest and gathers what is in it. Safe to repeat. */
export async function closeDigest(table: AlertTable, digest: string, now: Date): Promise<readonly DigestEntry[]> {
  const count = await change(table, digest, now, (found) => ({
    item: found === undefined || found.closed === true ? undefined : { ...found, closed: true },
    result: Number(found?.count ?? 0),
  }));
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const entries: DigestEntry[] = [];
  for (let start = 0; start < numbers.length; start += concurrency) {
    const found = await Promise.all(
      numbers.slice(start, start + concurrency).map((number) => entryOf(table, digest, number, now)),
    );
    entries.push(...found.filter((entry): entry is DigestEntry => entry !== undefined));
  }
  return entries;
}

/** Reads an entry; blocks its number when it is not written yet, so that its writer goes elsewhere. */
async function entryOf(table: AlertTable, digest: string, number: number, now: Date): Promise<DigestEntry | undefined> {
  const id = `${digest}#${number}`;
  const found = await table.get(id);
  if (found === undefined && (await table.create({ id, blocked: true, expiresAt: epochSeconds(now) + keptSeconds }))) {
    return undefined;
  }
  const written = (found ?? (await table.get(id)))?.entry;
  return typeof written === 'string' ? (JSON.parse(written) as DigestEntry) : undefined;
}

function reserved(
  found: Item | undefined,
  id: string,
  alertId: string,
  closesAt: number,
): { item?: NewItem; result: number | undefined } {
  if (found === undefined) {
    return { item: { id, leader: alertId, count: 1, closesAt, expiresAt: closesAt + keptSeconds }, result: 1 };
  }
  const count = Number(found.count) + 1;
  return found.closed === true || count > mostEntries
    ? { result: undefined }
    : { item: { ...found, count }, result: count };
}
