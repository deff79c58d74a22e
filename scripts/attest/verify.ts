import type { Link } from '../../attestation/record/chain';
import type { StoredItem } from '../../attestation/record/table';
import { type Verification, verify } from '../../attestation/record/verify';
import { publishedHeads } from './heads';
import { type OpenRecord, reading } from './open';

/** Reads every item of the record and compares it with itself and with what was published elsewhere. */
export async function verified({ table, operator }: OpenRecord, given: readonly Link[] = []): Promise<Verification> {
  // The ends first: what is written meanwhile must not look as if it had been cut off.
  const heads = await publishedHeads(operator);
  const items: StoredItem[] = [];
  await reading(async () => {
    for await (const item of table.items()) {
      items.push(item);
    }
  });
  return verify(items, [...heads, ...given]);
}
