import { type Page, paginate } from '../core/paginate';
import { invalidInput } from './errors';

/** Patterns of the API reference. */
export const patterns = {
  account: /^\d{12}$/,
  createAccountRequest: /^car-[a-z0-9]{8,32}$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  handshake: /^h-[0-9a-z]{8,32}$/,
  parent: /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  child: /^(\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  policy: /^p-[0-9a-zA-Z_]{8,128}$/,
  root: /^r-[0-9a-z]{4,32}$/,
  target: /^(r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  transfer: /^rt-[0-9a-z]{8,32}$/,
  unit: /^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})$/,
  taggable:
    /^(r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128}|rp-[0-9a-zA-Z_]{4,128}|rt-[0-9a-z]{8,32})$/,
} as const;

export const inputRequired = () =>
  invalidInput('INPUT_REQUIRED', 'You must include a value for all required parameters.');

/** @throws ServiceError `InvalidInputException` when the value does not have the pattern */
export function matching(value: string | undefined, pattern: RegExp): string {
  if (value === undefined || value === '') {
    throw inputRequired();
  }
  if (!pattern.test(value)) {
    throw invalidInput('INVALID_PATTERN');
  }
  return value;
}

export function text(value: string | undefined, minimum: number, maximum: number): string {
  if (value === undefined) {
    throw inputRequired();
  }
  if (value.length < minimum) {
    throw invalidInput('MIN_LENGTH_EXCEEDED', 'You provided a value that is too short.');
  }
  if (value.length > maximum) {
    throw invalidInput('MAX_LENGTH_EXCEEDED', 'You provided a value that is too long.');
  }
  return value;
}

/** A text of printable ASCII. @throws ServiceError `InvalidInputException` */
export function printable(value: string | undefined, maximum: number): string {
  const given = text(value, 1, maximum);
  if (!/^[ -~]+$/.test(given)) {
    throw invalidInput('INVALID_PATTERN', patternSentence);
  }
  return given;
}

export function oneOf<T extends string>(
  value: string | undefined,
  allowed: Readonly<Record<string, T>>,
  reason = 'INVALID_ENUM',
): T {
  const found = Object.values(allowed).find((candidate) => candidate === value);
  if (found === undefined) {
    throw invalidInput(reason);
  }
  return found;
}

/** What is said of some values, where the rest of the service says less. */
export const patternSentence = 'You provided a value that does not match the required pattern.';

const pageLimit = 20;

/** Cuts a page of at most 20. */
export function page<T>(items: readonly T[], input: { MaxResults?: number; NextToken?: string }): Page<T> {
  const size = input.MaxResults;
  if (size !== undefined && size < 1) {
    throw invalidInput('MIN_VALUE_EXCEEDED');
  }
  if (size !== undefined && size > pageLimit) {
    throw invalidInput('MAX_VALUE_EXCEEDED');
  }
  if (input.NextToken === '') {
    throw invalidInput('INVALID_PATTERN', patternSentence);
  }
  try {
    return paginate(items, { token: input.NextToken, size, maximum: pageLimit });
  } catch {
    throw invalidInput('INVALID_NEXT_TOKEN');
  }
}
