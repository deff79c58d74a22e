/** One call as the history keeps it; its record is made when somebody asks. */
export interface HistoryEntry {
  readonly at: Date;
  readonly accountId: string;
  readonly region: string;
  readonly record: () => Record<string, unknown>;
}

/** A row of the latest entries, of fixed length. */
class Ring {
  private readonly entries: HistoryEntry[] = [];
  private next = 0;

  constructor(private readonly size: number) {}

  add(entry: HistoryEntry): void {
    this.entries[this.next] = entry;
    this.next = (this.next + 1) % this.size;
  }

  all(): HistoryEntry[] {
    return [...this.entries.slice(this.next), ...this.entries.slice(0, this.next)];
  }
}

/**
 * The latest management events of a world, for CloudTrail's event history. Changes are kept longer than reads, of
 * which there are many more.
 */
export class CallHistory {
  private readonly writes = new Ring(5000);
  private readonly reads = new Ring(2000);

  add(entry: HistoryEntry, write: boolean): void {
    (write ? this.writes : this.reads).add(entry);
  }

  /** The calls of an account in a region, the latest first. */
  of(at: { readonly accountId: string; readonly region: string }): HistoryEntry[] {
    const own = [...this.writes.all(), ...this.reads.all()].filter(
      ({ accountId, region }) => accountId === at.accountId && region === at.region,
    );
    return own.reverse().sort((one, other) => other.at.getTime() - one.at.getTime());
  }
}
