import { isList, type PatternList, type PatternObject } from './patternDraft';

const or = '$or';

/**
 * The same pattern in fewer characters: `$or` moves down to where its members part. Fails never; a pattern without
 * `$or` stays as it is.
 */
export function compact(pattern: PatternObject): PatternObject {
  const entries = Object.entries(pattern).map(([key, value]): [string, PatternObject | PatternList] => {
    if (key === or) {
      return [key, (value as readonly PatternObject[]).map(compact)];
    }
    return [key, isList(value) ? value : compact(value)];
  });
  return lowered(Object.fromEntries(entries));
}

function lowered(pattern: PatternObject): PatternObject {
  const members = pattern[or] as readonly PatternObject[] | undefined;
  if (!members) {
    return pattern;
  }
  const keys = new Set(members.flatMap((member) => Object.keys(member)));
  const [key] = keys;
  const below = members.map((member) => member[key as string]);
  const { [or]: _, ...rest } = pattern;
  const beside = rest[key as string];
  const canMove =
    keys.size === 1 &&
    key !== or &&
    below.every((inner) => inner !== undefined && !isList(inner)) &&
    (beside === undefined || (!isList(beside) && !(or in beside)));
  if (!canMove) {
    return pattern;
  }
  return {
    ...rest,
    [key as string]: lowered({ ...(beside as PatternObject | undefined), [or]: below as PatternObject[] }),
  };
}
