import type { Condition } from '../condition';

/**
 * Two conditions that together say what one says: any record satisfies the one if it satisfies either of the two.
 * Undefined when there is nothing to share out. For engines that limit the length of one rule, not their number.
 */
function halves(condition: Condition): readonly [Condition, Condition] | undefined {
  switch (condition.kind) {
    case 'any':
      return shared(condition.of, (of) => (of.length === 1 ? (of[0] as Condition) : { kind: 'any', of }));
    case 'is':
      return shared(condition.values, (values) => ({ ...condition, values }));
    case 'like':
      return shared(condition.patterns, (patterns) => ({ ...condition, patterns }));
    case 'element': {
      const inner = halves(condition.condition);
      return (
        inner && [
          { ...condition, condition: inner[0] },
          { ...condition, condition: inner[1] },
        ]
      );
    }
    case 'all':
      return halvesOfLongest(condition.of);
    default:
      return undefined;
  }
}

function halvesOfLongest(members: readonly Condition[]): readonly [Condition, Condition] | undefined {
  const byLength = [...members].sort((left, right) => JSON.stringify(right).length - JSON.stringify(left).length);
  for (const member of byLength) {
    const inner = halves(member);
    if (inner) {
      const rest = (half: Condition): Condition => ({
        kind: 'all',
        of: members.map((one) => (one === member ? half : one)),
      });
      return [rest(inner[0]), rest(inner[1])];
    }
  }
  return undefined;
}

function shared<T>(
  list: readonly T[],
  make: (part: readonly T[]) => Condition,
): readonly [Condition, Condition] | undefined {
  const middle = Math.ceil(list.length / 2);
  return list.length < 2 ? undefined : [make(list.slice(0, middle)), make(list.slice(middle))];
}

/** Shares a condition out until `write` fits `limit`. The last resort's text is returned too long: its caller refuses it. */
export function fitting<T>(
  condition: Condition,
  write: (condition: Condition) => T,
  length: (written: T) => number,
  limit: number,
): T[] {
  const whole = write(condition);
  if (length(whole) <= limit) {
    return [whole];
  }
  const parts = halves(condition);
  return parts ? parts.flatMap((part) => fitting(part, write, length, limit)) : [whole];
}
