import { beginning } from '../../attestation/record/chain';
import { itemsOf } from '../../attestation/record/items';
import { chainId, entryOf, type RecordTable, type StoredItem } from '../../attestation/record/table';

/** The record in the memory of one process, for tests: `stored` is what somebody could tamper with. */
export function memoryRecord(): RecordTable & { readonly stored: Map<string, StoredItem> } {
  const stored = new Map<string, StoredItem>();
  const name = ({ id, number }: StoredItem) => `${id} ${number}`;
  const below = (id: string) =>
    [...stored.values()].filter((item) => item.id === id).sort((one, other) => one.number - other.number);
  const entryAt = (number: number) => entryOf(stored.get(`${chainId} ${number}`) ?? { id: chainId, number });
  return {
    stored,
    tail: async () => {
      const last = below(chainId).at(-1);
      return last === undefined ? beginning : entryOf(last);
    },
    append: async (entries) => {
      const items = entries.flatMap(itemsOf);
      if (items.some((item) => stored.has(name(item)))) {
        return false;
      }
      for (const item of items) {
        stored.set(name(item), item);
      }
      return true;
    },
    under: async (key, limit = Number.POSITIVE_INFINITY) =>
      below(key)
        .reverse()
        .slice(0, limit)
        .map(({ number }) => entryAt(number)),
    from: async function* (number) {
      yield* below(chainId)
        .filter((item) => item.number >= number)
        .map(entryOf);
    },
    items: async function* () {
      yield* stored.values();
    },
  };
}
