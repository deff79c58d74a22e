import type { PatternList, PatternObject } from './patternDraft';

/**
 * Patterns that together say what one says, none longer than the limit if that can be had: any entry of a list is
 * enough for EventBridge, so that the longest list can be shared out.
 */
export function shortened(pattern: PatternObject, limit: number): PatternObject[] {
  if (JSON.stringify(pattern).length <= limit) {
    return [pattern];
  }
  const longest = lists(pattern).sort((one, other) => lengthOf(other) - lengthOf(one))[0];
  if (longest === undefined || longest.length < 2) {
    return [pattern];
  }
  const middle = Math.ceil(longest.length / 2);
  return [longest.slice(0, middle), longest.slice(middle)].flatMap((half) =>
    shortened(withList(pattern, longest, half), limit),
  );
}

function lengthOf(list: PatternList): number {
  return JSON.stringify(list).length;
}

function lists(pattern: PatternObject): PatternList[] {
  return Object.values(pattern).flatMap((value) => (isList(value) ? [value] : lists(value)));
}

function withList(pattern: PatternObject, list: PatternList, other: PatternList): PatternObject {
  return Object.fromEntries(
    Object.entries(pattern).map(([key, value]) => {
      if (isList(value)) {
        return [key, value === list ? other : value];
      }
      return [key, withList(value, list, other)];
    }),
  );
}

function isList(value: PatternObject | PatternList): value is PatternList {
  return Array.isArray(value);
}
