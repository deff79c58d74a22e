import { reasonOf } from '../errors';
import type { Operation, OperationResult } from './model';
import { concurrency, failureTolerance, orderRegions } from './preferences';

/** Runs a limited number of pieces of work at a time, first come first served. */
export class Gate {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(size: number) {
    this.free = size;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) {
      this.free -= 1;
    } else {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.free += 1;
      }
    }
  }
}

/** What became of one account and region. */
export type CellOutcome = { readonly status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'; readonly reason?: string };
export type CellWork = (result: OperationResult) => Promise<CellOutcome>;

const toleranceExceeded = 'Cancelled since failure tolerance has exceeded';
const userStopped = 'Cancelled as the operation was stopped by user';

interface RegionRun {
  readonly operation: Operation;
  readonly gate: Gate;
  readonly work: CellWork;
  readonly results: readonly OperationResult[];
}

function cancel(results: Iterable<OperationResult>, reason: string): void {
  for (const result of results) {
    if (result.status === 'PENDING') {
      result.status = 'CANCELLED';
      result.reason = reason;
    }
  }
}

async function runCell({ gate, work }: RegionRun, result: OperationResult): Promise<void> {
  await gate.run(async () => {
    result.status = 'RUNNING';
    try {
      const outcome = await work(result);
      result.status = outcome.status;
      result.reason = outcome.reason;
    } catch (error) {
      result.status = 'FAILED';
      result.reason = reasonOf(error);
    }
  });
}

/** Works on the accounts of one region. @returns whether more of them failed than may */
async function runRegion(run: RegionRun): Promise<boolean> {
  const { operation, results } = run;
  const tolerance = failureTolerance(operation.preferences, results.length);
  const strict = operation.preferences.ConcurrencyMode !== 'SOFT_FAILURE_TOLERANCE';
  let [failures, active, next] = [0, 0, 0];
  const width = concurrency(operation.preferences, results.length);
  const exceeded = () => failures > tolerance;
  const worker = async (): Promise<void> => {
    while (next < results.length && !exceeded() && !operation.stopping) {
      // Strict tolerance: no more at once than could fail without going over.
      if (strict && active > tolerance - failures) {
        return;
      }
      const result = results[next++] as OperationResult;
      active += 1;
      await runCell(run, result);
      active -= 1;
      failures += result.status === 'FAILED' ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, results.length) }, worker));
  if (operation.stopping) {
    cancel(results, userStopped);
  } else if (exceeded()) {
    cancel(results, toleranceExceeded);
  }
  return exceeded();
}

/**
 * Works through an operation's accounts and regions as its preferences say.
 *
 * @param gate how much of this CloudFormation's work runs at once, whatever the preferences allow
 * @returns whether any region went over its failure tolerance
 */
export async function runSchedule(operation: Operation, gate: Gate, work: CellWork): Promise<boolean> {
  const byRegion = new Map<string, OperationResult[]>();
  for (const result of operation.results.values()) {
    const list = byRegion.get(result.region);
    if (list) {
      list.push(result);
    } else {
      byRegion.set(result.region, [result]);
    }
  }
  const regions = orderRegions(byRegion.keys(), operation.preferences);
  const runs = regions.map((region): RegionRun => ({ operation, gate, work, results: byRegion.get(region) ?? [] }));
  if (operation.preferences.RegionConcurrencyType === 'PARALLEL') {
    const exceeded = await Promise.all(runs.map(runRegion));
    return exceeded.includes(true);
  }
  for (const run of runs) {
    if (await runRegion(run)) {
      cancel(operation.results.values(), toleranceExceeded);
      return true;
    }
  }
  return false;
}
