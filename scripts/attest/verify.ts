import type { Link } from '../../attestation/record/chain';
import { RecordDamaged, type RecordTable, type StoredItem } from '../../attestation/record/table';
import { type Verification, verify } from '../../attestation/record/verify';
import { publishedHeads } from './heads';
import { type OpenRecord, reading } from './open';

/** Number of the newest entry, readable or not. */
async function lastNumber(table: RecordTable): Promise<number> {
  try {
    return (await table.tail()).number;
  } catch (error) {
    if (error instanceof RecordDamaged) {
      return error.number;
    }
    throw error;
  }
}

/** Reads every item of the record and compares it with itself and with what was published elsewhere. */
export async function verified({ table, operator }: OpenRecord, given: readonly Link[] = []): Promise<Verification> {
  // The published ends first, then our own: what is written meanwhile must look neither cut off nor half there.
  const heads = await publishedHeads(operator);
  const items: StoredItem[] = [];
  await reading(async () => {
    const last = await lastNumber(table);
    for await (const item of table.items()) {
      if (item.number <= last) {
        items.push(item);
      }
    }
  });
  return verify(items, [...heads, ...given]);
}
