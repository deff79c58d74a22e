import type { FieldValue, FieldValues, Membership } from './fields';
import type { FieldCondition } from './matchers';

/** A field of an alternative: the number of its path, and what is demanded. */
export interface Demand {
  readonly path: number;
  readonly condition: FieldCondition;
}

/** Whether the values satisfy all demands, which are in the order of their paths' names. */
export function satisfies(demands: readonly Demand[], values: FieldValues): boolean {
  let inArrays = 0;
  for (const { path, condition } of demands) {
    const found = values[path];
    if (!condition.absent && !found?.some((candidate) => passes(condition, candidate))) {
      return false;
    }
    inArrays += found?.some(({ membership }) => membership !== undefined) ? 1 : 0;
    if (condition.absent && condition.tests.length === 0 && found && inArrays === 0) {
      return false;
    }
  }
  return demands.length === 1 || inArrays > 0 ? consistent(demands, values) : demands.every(fulfilled(values));
}

const fulfilled =
  (values: FieldValues) =>
  ({ path, condition }: Demand): boolean => {
    const found = values[path];
    return found ? found.some((candidate) => passes(condition, candidate)) : condition.absent;
  };

function passes({ tests }: FieldCondition, { value }: FieldValue): boolean {
  for (const test of tests) {
    if (test(value)) {
      return true;
    }
  }
  return false;
}

/** Which element was chosen of each array so far. */
type Choice = ReadonlyMap<number, number>;

/**
 * Array consistency: the values that satisfy the demands must not come from different elements of one array. Goes
 * through the demands in order, carrying all choices of elements that are still possible. `exists: false` looks only
 * at the elements chosen so far: without a choice, at all of them.
 */
function consistent(demands: readonly Demand[], values: FieldValues): boolean {
  let choices: Choice[] = [new Map()];
  for (const [index, { path, condition }] of demands.entries()) {
    const found = values[path] ?? [];
    const relevant = arraysOf(demands.slice(index + 1), values);
    const next = new Map<string, Choice>();
    const keep = (choice: Choice) => {
      const kept = [...choice].filter(([array]) => relevant.has(array)).sort(([left], [right]) => left - right);
      next.set(kept.join(';'), new Map(kept));
    };
    const passing = found.filter((candidate) => passes(condition, candidate));
    for (const choice of choices) {
      if (condition.absent && !found.some(({ membership }) => extended(choice, membership))) {
        keep(choice);
      }
      for (const { membership } of passing) {
        const longer = extended(choice, membership);
        if (longer) {
          keep(longer);
        }
      }
    }
    choices = [...next.values()];
    if (choices.length === 0) {
      return false;
    }
  }
  return true;
}

function arraysOf(demands: readonly Demand[], values: FieldValues): Set<number> {
  const arrays = new Set<number>();
  for (const { path } of demands) {
    for (const { membership } of values[path] ?? []) {
      for (let place = membership; place; place = place.outer) {
        arrays.add(place.array);
      }
    }
  }
  return arrays;
}

/** The choice with a value's elements added, or undefined when another element of one of its arrays was chosen. */
function extended(choice: Choice, membership: Membership | undefined): Choice | undefined {
  if (!membership) {
    return choice;
  }
  const longer = new Map(choice);
  for (let place: Membership | undefined = membership; place; place = place.outer) {
    const chosen = longer.get(place.array);
    if (chosen !== undefined && chosen !== place.index) {
      return undefined;
    }
    longer.set(place.array, place.index);
  }
  return longer;
}
