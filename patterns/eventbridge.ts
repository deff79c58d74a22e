import { InvalidEventPatternError } from './eventbridge/errors';
import { collectFields, type PathNode, pathTree } from './eventbridge/fields';
import { type Demand, satisfies } from './eventbridge/match';
import { parseAlternatives } from './eventbridge/parse';

export { InvalidEventPatternError } from './eventbridge/errors';

/** A pattern that was found valid, compiled for matching. */
export interface EventPattern {
  /** The JSON text. */
  readonly source: string;
  /** Ways to satisfy it: one, or as many as its `$or` make. */
  readonly alternatives: readonly (readonly Demand[])[];
  /** The paths that any alternative names. */
  readonly tree: PathNode;
}

/**
 * Parses an EventBridge event pattern, given as JSON text or as the value. The rules are those of AWS's own engine
 * (`aws/event-ruler`), and the limit on wildcards that the service adds.
 *
 * Throws `InvalidEventPatternError` with the reason that EventBridge gives.
 */
export function parseEventPattern(pattern: unknown): EventPattern {
  const source = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  if (source === undefined) {
    throw new InvalidEventPatternError('Filter is not an object');
  }
  const alternatives = parseAlternatives(source);
  const paths = [...new Set(alternatives.flatMap((alternative) => [...alternative.keys()]))].sort(byCodeUnit);
  const numbers = new Map(paths.map((path, number) => [path, number]));
  return {
    source,
    tree: pathTree(paths),
    alternatives: alternatives.map((alternative) =>
      [...alternative]
        .map(([path, condition]) => ({ path: numbers.get(path) as number, condition }))
        .sort((left, right) => left.path - right.path),
    ),
  };
}

/** Whether an event (a parsed JSON value) matches. Anything but an object matches nothing. */
export function matchesEventPattern(pattern: EventPattern, event: unknown): boolean {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return false;
  }
  const values = collectFields(event, pattern.tree);
  return pattern.alternatives.some((demands) => satisfies(demands, values));
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
