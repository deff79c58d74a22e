/** A CloudTrail record: JSON that somebody else wrote. */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

/** Whether a JSON value can be a CloudTrail record at all. */
export function isRecord(value: unknown): value is CloudTrailRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values at the end of a path; lists on the way stand for their elements. */
export function valuesAt(record: unknown, steps: readonly string[], from = 0): readonly unknown[] {
  let value = record;
  for (let index = from; index < steps.length; index += 1) {
    if (Array.isArray(value)) {
      return value.flatMap((element) => valuesAt(element, steps, index));
    }
    if (!isRecord(value) || !Object.hasOwn(value, steps[index] as string)) {
      return [];
    }
    value = value[steps[index] as string];
  }
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

/** The text or number at a path, or undefined. */
export function textAt(record: CloudTrailRecord, path: string): string | undefined {
  const value = valuesAt(record, path.split('.')).find((found) =>
    ['string', 'number', 'boolean'].includes(typeof found),
  );
  return value === undefined ? undefined : String(value);
}
