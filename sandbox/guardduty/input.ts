import type { UnprocessedAccount } from '@aws-sdk/client-guardduty';
import { type Page, paginate } from '../core/paginate';
import { invalidInput, tooLong } from './errors';

/** The most accounts, findings or results that one call takes or answers. */
export const batchLimit = 50;

/** A list of 1 to 50 things. @throws ServiceError `BadRequestException` */
export function batch<T>(member: string, given: readonly T[] | undefined): readonly T[] {
  if (!given || given.length === 0) {
    throw invalidInput();
  }
  if (given.length > batchLimit) {
    throw tooLong(member, given.length, batchLimit);
  }
  return given;
}

/** A list of 1 to 50 account ids, as the member operations take it. */
export function accountIds(given: readonly (string | undefined)[] | undefined): string[] {
  return batch('accountIds', given).map((id) => accountId(id));
}

export function accountId(given: string | undefined): string {
  if (!/^\d{12}$/.test(given ?? '')) {
    throw invalidInput();
  }
  return given as string;
}

/** Cuts a page of at most 50, refusing page sizes outside 1 to 50. */
export function page<T>(items: readonly T[], input: { MaxResults?: number; NextToken?: string }): Page<T> {
  const size = input.MaxResults;
  if (size !== undefined && (!Number.isInteger(size) || size < 1 || size > batchLimit)) {
    throw invalidInput();
  }
  try {
    return paginate(items, { token: input.NextToken, size, maximum: batchLimit });
  } catch {
    throw invalidInput();
  }
}

export function oneOf<T extends string>(
  value: string | undefined,
  allowed: Readonly<Record<string, T>>,
): T | undefined {
  if (value === undefined) {
    return undefined;
  }
  const found = Object.values(allowed).find((candidate) => candidate === value);
  if (found === undefined) {
    throw invalidInput();
  }
  return found;
}

export function lengthWithin(value: string | undefined, minimum: number, maximum: number): void {
  if (value !== undefined && (value.length < minimum || value.length > maximum)) {
    throw invalidInput();
  }
}

/** Runs a step for each account; a sentence that it answers is why the account was not processed. */
export function eachAccount(
  ids: readonly string[],
  step: (id: string) => string | undefined,
): { UnprocessedAccounts: UnprocessedAccount[] } {
  const left: UnprocessedAccount[] = [];
  for (const id of ids) {
    const reason = step(id);
    if (reason !== undefined) {
      left.push({ AccountId: id, Result: reason });
    }
  }
  return { UnprocessedAccounts: left };
}

/** Tags: at most 200 in one call, keys of 1 to 128 and values of up to 256 characters, none of AWS's own. */
export function tagsOf(given: Readonly<Record<string, string>> | undefined): Map<string, string> {
  const entries = Object.entries(given ?? {});
  for (const [key, value] of entries) {
    lengthWithin(key, 1, 128);
    lengthWithin(value, 0, 256);
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidInput();
    }
  }
  if (entries.length > 200) {
    throw invalidInput();
  }
  return new Map(entries);
}
