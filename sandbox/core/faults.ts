/** A fault on demand, for the tests of bad days. */
export interface Fault {
  readonly service: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** Of each matching call; 1 unless given. */
  readonly probability?: number;
  /** How many matching calls it strikes; all of them unless given. */
  readonly count?: number;
  /** `error` answers with `code`; `drop` closes the connection; `hang` never answers; `status` a bare HTTP status. */
  readonly kind: 'error' | 'drop' | 'hang' | 'status';
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
  /** The call takes effect first, and only its answer is lost or wrong. */
  readonly after?: boolean;
}

export interface FaultTarget {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

/** The faults that a world has in store. */
export class Faults {
  private readonly faults: { readonly fault: Fault; left: number }[] = [];

  constructor(private readonly random: () => number = Math.random) {}

  add(fault: Fault): void {
    this.faults.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.faults.length = 0;
  }

  /** The fault that strikes this call, if any. */
  strike(target: FaultTarget): Fault | undefined {
    for (const entry of this.faults) {
      const { fault } = entry;
      if (entry.left > 0 && matches(fault, target) && this.random() < (fault.probability ?? 1)) {
        entry.left -= 1;
        return fault;
      }
    }
    return undefined;
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  return (
    (fault.service === '*' || fault.service === target.service) &&
    (fault.operation === undefined || fault.operation === target.operation) &&
    (fault.account === undefined || fault.account === target.account) &&
    (fault.region === undefined || fault.region === target.region)
  );
}
