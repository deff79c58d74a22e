import type { AlertTable, Item } from './table';

/** A table in the memory of one process: for previews, and for a function that has no table. */
export function memoryTable(): AlertTable {
  const items = new Map<string, Item>();
  return {
    get: async (id) => items.get(id),
    create: async (item) => {
      if (items.has(item.id)) {
        return false;
      }
      items.set(item.id, { ...item, version: 1 });
      return true;
    },
    replace: async (previous, item) => {
      if (items.get(previous.id)?.version !== previous.version) {
        return false;
      }
      items.set(previous.id, { ...item, version: previous.version + 1 });
      return true;
    },
    put: async (item) => {
      items.set(item.id, { ...item, version: (items.get(item.id)?.version ?? 0) + 1 });
    },
  };
}
