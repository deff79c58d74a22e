import type { Cell } from '../../organization/accounts';

/** Values by cell. Thousands of accounts in thirty regions would make 150,000 keys of text. */
export class CellMap<T> {
  private readonly byAccount = new Map<string, Map<string, T>>();

  /** What is itself of a cell, by its cell. */
  static by<C extends Cell>(values: readonly C[]): CellMap<C> {
    const map = new CellMap<C>();
    for (const value of values) {
      map.set(value, value);
    }
    return map;
  }

  /** Cells as keys of `true`. */
  static of(cells: readonly Cell[]): CellMap<true> {
    const map = new CellMap<true>();
    for (const cell of cells) {
      map.set(cell, true);
    }
    return map;
  }

  set({ accountId, region }: Cell, value: T): void {
    const own = this.byAccount.get(accountId) ?? new Map<string, T>();
    own.set(region, value);
    this.byAccount.set(accountId, own);
  }

  get({ accountId, region }: Cell): T | undefined {
    return this.byAccount.get(accountId)?.get(region);
  }

  has({ accountId, region }: Cell): boolean {
    return this.byAccount.get(accountId)?.has(region) ?? false;
  }
}
