/** A CloudTrail record: JSON that somebody else wrote. */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

/** Whether a JSON value can be a CloudTrail record at all. */
export function isRecord(value: unknown): value is CloudTrailRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const stepsOfPaths = new Map<string, readonly string[]>();

/** The steps of a dotted path. */
export function stepsOf(path: string): readonly string[] {
  let steps = stepsOfPaths.get(path);
  if (!steps) {
    steps = path.split('.');
    stepsOfPaths.set(path, steps);
  }
  return steps;
}

/**
 * What stands at the end of a path: a value, undefined when there is nothing, or, if the way leads through a list, a
 * list of all that is found. Such a list is never nested.
 */
export function lookUp(record: unknown, steps: readonly string[], from = 0): unknown {
  let value = record;
  for (let index = from; index < steps.length; index += 1) {
    if (Array.isArray(value)) {
      return value.flatMap((element) => toList(lookUp(element, steps, index)));
    }
    if (typeof value !== 'object' || value === null) {
      return undefined;
    }
    value = (value as CloudTrailRecord)[steps[index] as string];
    // JSON has no functions: this is what every object inherits. Cheaper than to ask whether the object has the key.
    if (value === undefined || typeof value === 'function' || value === Object.prototype) {
      return undefined;
    }
  }
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : value;
}

function toList(found: unknown): readonly unknown[] {
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
}

/** The values at the end of a path; lists on the way stand for their elements. */
export function valuesAt(record: unknown, steps: readonly string[]): readonly unknown[] {
  return toList(lookUp(record, steps));
}

/** The first text, number or truth value at a path as text, or undefined. */
export function textAt(record: CloudTrailRecord, path: string): string | undefined {
  const found = lookUp(record, stepsOf(path));
  if (typeof found === 'string') {
    return found;
  }
  const value = Array.isArray(found) ? found.find(isScalar) : found;
  return isScalar(value) ? String(value) : undefined;
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
