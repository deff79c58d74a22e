import { canonical, type Json } from './canonical';
import type { Entry } from './chain';
import { keysOf } from './content';
import { chainId, type StoredItem } from './table';

/** An entry as it is stored: itself, and a pointer below each of its keys. */
export function itemsOf(entry: Entry): StoredItem[] {
  const { number, previous, hash, content } = entry;
  return [
    { id: chainId, number, content: canonical(content as unknown as Json), previous, hash },
    ...[...new Set(keysOf(content))].map((id) => ({ id, number })),
  ];
}
