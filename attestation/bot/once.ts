import type { AlertTable } from '../../notifier/state/table';

/** The part of the bot's table that remembers: each entry has a name and an end. */
export type SeenTable = Pick<AlertTable, 'create' | 'get' | 'put'>;

/**
 * Whether this is the first time within so many seconds; remembers it.
 *
 * @throws TableUnavailable: whoever asks must then take it for not the first
 */
export async function isFirst(table: SeenTable, id: string, seconds: number, now: Date): Promise<boolean> {
  const time = Math.floor(now.getTime() / 1_000);
  const item = { id, expiresAt: time + seconds };
  if (await table.create(item)) {
    return true;
  }
  // DynamoDB takes days to sweep away what has expired.
  const found = await table.get(id);
  if (found === undefined || found.expiresAt > time) {
    return false;
  }
  await table.put(item);
  return true;
}
