/**
 * Reads values out of events. Whoever attacks an account chooses much of what is in them, so nothing here trusts a
 * shape, and a value of another type than expected counts as absent.
 */

/** Longest text taken over from an event; Slack's own limits cut further. */
const longestText = 8_192;

/** The value at a path of own members, `undefined` when anything on the way is missing. Numbers index arrays. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      return undefined;
    }
    current = (current as Record<string | number, unknown>)[step];
  }
  return current ?? undefined;
}

/** A text, or a number as text; `undefined` when it is empty or anything else. */
export function text(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number' || typeof found === 'bigint') {
    return String(found);
  }
  if (typeof found !== 'string') {
    return undefined;
  }
  const trimmed = found.trim().slice(0, longestText);
  return trimmed === '' ? undefined : trimmed;
}

/** A finite number, or a text that is one. */
export function number(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  if (typeof found === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(found.trim())) {
    return Number(found);
  }
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** The elements of an array; none when it is no array. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The texts in an array. */
export function texts(value: unknown, ...path: readonly (string | number)[]): readonly string[] {
  return list(value, ...path)
    .map((element) => text(element))
    .filter((element): element is string => element !== undefined);
}

/** A point in time: ISO 8601, GuardDuty's `2025-02-25 20:40:06.721` (UTC), or epoch seconds or milliseconds. */
export function time(value: unknown, ...path: readonly (string | number)[]): Date | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') {
    return validDate(new Date(found < 100_000_000_000 ? found * 1_000 : found));
  }
  const written = text(found);
  if (written === undefined || !/^\d{4}-\d{2}-\d{2}/.test(written)) {
    return undefined;
  }
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(written);
  return validDate(new Date(zoned ? written : `${written.replace(' ', 'T').replace(/(\.\d{3})\d*$/, '$1')}Z`));
}

/** True for an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function validDate(date: Date): Date | undefined {
  const year = date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date : undefined;
}
