/** How often one caller made one call in one place. */
export interface CallCount {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly caller: string;
  count: number;
  errors: number;
  /** How often each error code came. */
  readonly codes: Record<string, number>;
}

/** Counts every call of a world, over the wire and between services. */
export class CallLog {
  private readonly counts = new Map<string, CallCount>();

  record(call: Omit<CallCount, 'count' | 'errors' | 'codes'>, errorCode?: string): void {
    const key = `${call.service} ${call.operation} ${call.account} ${call.region} ${call.caller}`;
    let count = this.counts.get(key);
    if (!count) {
      count = { ...call, count: 0, errors: 0, codes: {} };
      this.counts.set(key, count);
    }
    count.count += 1;
    if (errorCode !== undefined) {
      count.errors += 1;
      count.codes[errorCode] = (count.codes[errorCode] ?? 0) + 1;
    }
  }

  list(): CallCount[] {
    return [...this.counts.values()];
  }

  clear(): void {
    this.counts.clear();
  }
}
