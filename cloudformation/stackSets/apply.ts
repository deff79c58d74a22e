import { randomUUID } from 'node:crypto';
import { GarrisonError } from '../../organization/errors';
import { remedyFor } from '../remedies';
import { CellMap } from './cellMap';
import { markedId } from './marks';
import { begin, follow, results, type StackSetHandle, waitForRunning } from './operations';
import type { CellOutcome, CellPlan, OperationPlan, OperationPreferences, StackSetPlan } from './types';

/**
 * Carries out a plan, one operation after the other, and says what became of every cell. Nothing is thrown for a cell:
 * a failure is an outcome, and the others go on.
 *
 * @throws GarrisonError `stackset.missing` when there is no such stack set, `stackset.refused` when CloudFormation
 *   refuses an operation as a whole
 */
export async function applyInstances(
  plan: StackSetPlan,
  handle: StackSetHandle,
  preferences: OperationPreferences,
): Promise<CellOutcome[]> {
  if (!plan.exists && plan.operations.length > 0) {
    throw new GarrisonError(
      'stackset.missing',
      `There is no stack set ${plan.stackSet}`,
      'It is part of the stack garrison-security: deploy that first, with `garrison apply`.',
      { operation: 'cloudformation:DescribeStackSet' },
    );
  }
  if (plan.operations.length > 0) {
    await waitForRunning(handle);
  }
  const outcomes = new CellMap<CellOutcome>();
  let previous: string | undefined = plan.mark?.after;
  let isInOrder = true;
  for (const [index, operation] of plan.operations.entries()) {
    const isLast = index === plan.operations.length - 1;
    const digest: string | undefined = isLast && isInOrder ? plan.mark?.digest : undefined;
    const id: string = digest === undefined ? randomUUID() : markedId(digest, previous);
    for (const outcome of await carryOut(operation, id, handle, preferences)) {
      outcomes.set(outcome, outcome);
      isInOrder &&= outcome.outcome === 'done';
    }
    previous = id;
  }
  return plan.cells.map((cell) => outcomes.get(cell) ?? untouched(cell));
}

async function carryOut(
  operation: OperationPlan,
  id: string,
  handle: StackSetHandle,
  preferences: OperationPreferences,
): Promise<CellOutcome[]> {
  await begin(operation, id, handle, preferences).catch((cause: unknown) => {
    throw refused(operation, handle, cause as Error);
  });
  const { Status, StatusReason } = await follow(id, handle);
  const byCell = new Map((await results(id, handle)).map((result) => [`${result.Account}/${result.Region}`, result]));
  return operation.accountIds.flatMap((accountId) =>
    operation.regions.map((region): CellOutcome => {
      const result = byCell.get(`${accountId}/${region}`);
      if (result?.Status === 'SUCCEEDED') {
        return { accountId, region, action: operation.kind, outcome: 'done' };
      }
      const reason = result?.StatusReason ?? StatusReason ?? `The operation ended as ${Status} without reaching it.`;
      const remedy = remedyFor(reason) ?? 'Mend the cause and run the command again: only this is left.';
      return { accountId, region, action: operation.kind, outcome: 'failed', reason, remedy };
    }),
  );
}

function untouched(cell: CellPlan): CellOutcome {
  return { ...cell, outcome: cell.action === 'blocked' ? 'blocked' : 'unchanged' };
}

function refused(operation: OperationPlan, { stackSet }: StackSetHandle, cause: Error): GarrisonError {
  return new GarrisonError(
    'stackset.refused',
    `Stack set ${stackSet}: CloudFormation refused to ${operation.kind} instances: ${cause.message} (${cause.name})`,
    remedyFor(cause.message) ?? 'Mend the cause and run the command again.',
    { operation: `cloudformation:${capitalised(operation.kind)}StackInstances` },
    { cause },
  );
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
