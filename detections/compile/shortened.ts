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
  return shares(pattern, longest, limit).flatMap((share) => shortened(withList(pattern, longest, share), limit));
}

/** As few shares of a list as there is room for beside the rest of the pattern; at least two. */
function shares(pattern: PatternObject, list: PatternList, limit: number): PatternList[] {
  const room = limit - JSON.stringify(withList(pattern, list, [])).length;
  const found: unknown[][] = [];
  let left = 0;
  for (const entry of list) {
    const length = JSON.stringify(entry).length + 1;
    if (length > left || found.length === 0) {
      found.push([]);
      left = room;
    }
    found.at(-1)?.push(entry);
    left -= length;
  }
  const middle = Math.ceil(list.length / 2);
  return found.length > 1 ? found : [list.slice(0, middle), list.slice(middle)];
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
