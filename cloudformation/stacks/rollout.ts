import pMap from 'p-map';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { remedyFor } from '../remedies';
import type { StackTarget } from '../target';
import { deployStack } from './deploy';
import { observeStack } from './observe';
import { planStack } from './plan';
import type { StackInput, StackOutcome, StackPlan } from './types';

/** How a stack is brought into many accounts. */
export interface Rollout {
  /** A client with credentials of that account; may throw when the account cannot be reached. */
  readonly targetFor: (accountId: string) => Promise<StackTarget>;
  readonly host: Host;
  /** Accounts at once. */
  readonly concurrency: number;
}

/** What became of one account. */
export type AccountResult<T> =
  | { readonly accountId: string; readonly result: T }
  | { readonly accountId: string; readonly error: GarrisonError };

/** Deploys a stack into many accounts at once. An account that fails stops no other; results come in order. */
export async function deployToAccounts(
  inputFor: (accountId: string) => StackInput,
  accountIds: readonly string[],
  rollout: Rollout,
): Promise<AccountResult<StackOutcome>[]> {
  return inEveryAccount(accountIds, rollout, async (accountId, target) => {
    const result = await deployStack(inputFor(accountId), target, rollout.host);
    rollout.host.emit({
      code: 'stack.deployed',
      level: 'info',
      text: `${result.stackName} in account ${accountId}: ${result.outcome}`,
      data: { ...result },
    });
    return result;
  });
}

/** Plans a stack for many accounts at once. */
export async function planForAccounts(
  inputFor: (accountId: string) => StackInput,
  accountIds: readonly string[],
  rollout: Rollout,
): Promise<AccountResult<StackPlan>[]> {
  return inEveryAccount(accountIds, rollout, async (accountId, target) => {
    const input = inputFor(accountId);
    return planStack(input, await observeStack(input.stackName, target), target);
  });
}

async function inEveryAccount<T>(
  accountIds: readonly string[],
  { targetFor, concurrency }: Rollout,
  work: (accountId: string, target: StackTarget) => Promise<T>,
): Promise<AccountResult<T>[]> {
  return pMap(
    accountIds,
    async (accountId) => {
      try {
        return { accountId, result: await work(accountId, await targetFor(accountId)) };
      } catch (error) {
        return { accountId, error: asGarrisonError(error, accountId) };
      }
    },
    { concurrency },
  );
}

function asGarrisonError(error: unknown, accountId: string): GarrisonError {
  if (error instanceof GarrisonError) {
    return error;
  }
  const { name, message } = error as Error;
  return new GarrisonError(
    'stack.account',
    `Account ${accountId}: ${message} (${name})`,
    remedyFor(message) ?? 'Mend the cause and run the command again: the other accounts are done.',
    { accountId },
    { cause: error },
  );
}
