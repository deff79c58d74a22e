import { createHash, randomUUID } from 'node:crypto';
import type { StackSetOperationSummary } from '@aws-sdk/client-cloudformation';
import type { Cell } from '../../organization/accounts';

/**
 * Instances change through operations alone, and whoever begins one names it. The last operation of a run that brings
 * every instance into order is therefore named after all that stands when it succeeds, and after the operation before
 * it: while it is the newest one, and the next run wants the same, nothing has to be listed to know that it stands.
 */

/** A digest of cells, whatever their order. */
export function digestOf(cells: Iterable<Cell>): string {
  const byRegion = new Map<string, string[]>();
  for (const { accountId, region } of cells) {
    const accounts = byRegion.get(region) ?? [];
    accounts.push(accountId);
    byRegion.set(region, accounts);
  }
  const hash = createHash('sha256');
  for (const region of [...byRegion.keys()].sort()) {
    hash.update(`${region}:${(byRegion.get(region) ?? []).sort().join()};`);
  }
  return hash.digest('hex').slice(0, 32);
}

/** The id of an operation that leaves what has the digest, begun after the operation `previous`. */
export function markedId(digest: string, previous: string | undefined): string {
  return `garrison-${digest}-${shortened(previous)}-${randomUUID()}`;
}

function shortened(id = 'none'): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12);
}

/** Looking for drift changes nothing. */
function changesInstances({ Action }: StackSetOperationSummary): boolean {
  return Action !== 'DETECT_DRIFT';
}

/** Id of the newest operation that may have changed instances. */
export function lastOperation(newestFirst: readonly StackSetOperationSummary[]): string | undefined {
  return newestFirst.find(changesInstances)?.OperationId;
}

/**
 * Whether the history says that what has the digest stands, and nothing else. Anybody else's operation since, a failure
 * in the last one, or a history that does not reach far enough: then it does not say so.
 */
export function isProven(digest: string, newestFirst: readonly StackSetOperationSummary[]): boolean {
  const [newest, previous] = newestFirst.filter(changesInstances);
  const failed = newest?.StatusDetails?.FailedStackInstancesCount;
  return (
    newest?.Status === 'SUCCEEDED' &&
    failed === 0 &&
    newest.OperationId?.startsWith(`garrison-${digest}-${shortened(previous?.OperationId)}-`) === true
  );
}
