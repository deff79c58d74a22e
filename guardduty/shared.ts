/**
 * Keeps one copy of what is equal: the same accounts, addresses and protection plans come back from every region, and
 * thousands of accounts in thirty regions would hold 150,000 copies of each.
 */
export class Shared {
  private readonly texts = new Map<string, string>();
  private readonly values = new Map<string, unknown>();

  text<T extends string | undefined>(value: T): T {
    if (value === undefined) {
      return value;
    }
    const known = this.texts.get(value);
    if (known !== undefined) {
      return known as T;
    }
    this.texts.set(value, value);
    return value;
  }

  /** A value made from plain data: equal data, the same value. */
  value<T>(data: unknown, make: () => T): T {
    const key = JSON.stringify(data) ?? '';
    if (!this.values.has(key)) {
      this.values.set(key, make());
    }
    return this.values.get(key) as T;
  }
}
