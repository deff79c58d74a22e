import { CompileError } from '../errors';

/** A field's list in an event pattern. */
export type PatternList = readonly unknown[];

/** An event pattern or a part of it. */
export interface PatternObject {
  readonly [key: string]: PatternObject | PatternList;
}

/** A pattern in the making: an object may have several `$or` here. */
export interface Draft {
  readonly fields: ReadonlyMap<string, Draft | PatternList>;
  readonly ors: readonly (readonly Draft[])[];
}

const or = '$or';

function isList(value: Draft | PatternObject | PatternList): value is PatternList {
  return Array.isArray(value);
}

/** A list under a path. */
export function nest(path: readonly string[], list: PatternList): Draft {
  return path.reduceRight<Draft | PatternList>(
    (inner, step) => ({ fields: new Map([[step, inner]]), ors: [] }),
    list,
  ) as Draft;
}

/** Any of the members: one list where all of them are lists of the same field. */
export function alternatives(members: readonly Draft[]): Draft {
  if (members.length === 0) {
    throw new CompileError('eventbridge', 'there is nothing that the rule could match');
  }
  const leaves = members.map(onlyLeaf);
  const [first] = leaves;
  if (first && leaves.every((leaf) => leaf?.path.join('.') === first.path.join('.'))) {
    return nest(
      first.path,
      leaves.flatMap((leaf) => leaf?.list ?? []),
    );
  }
  return lowered(members);
}

/** `$or` stands where its members part, and not above: fewer characters, and room for another one above. */
function lowered(members: readonly Draft[]): Draft {
  const keys = new Set(members.flatMap(({ fields }) => [...fields.keys()]));
  const [key] = keys;
  const below = members.map(({ fields, ors }) => (ors.length === 0 ? fields.get(key as string) : undefined));
  if (keys.size !== 1 || !below.every((draft): draft is Draft => draft !== undefined && !isList(draft))) {
    return { fields: new Map(), ors: [members] };
  }
  return { fields: new Map([[key as string, lowered(below)]]), ors: [] };
}

function onlyLeaf(draft: Draft): { path: string[]; list: PatternList } | undefined {
  const [entry] = draft.fields;
  if (!entry || draft.fields.size > 1 || draft.ors.length > 0) {
    return undefined;
  }
  const [key, value] = entry;
  const below = isList(value) ? { path: [], list: value } : onlyLeaf(value);
  return below && { path: [key, ...below.path], list: below.list };
}

/** Both of two drafts. Throws `CompileError` where one field would have to satisfy two lists. */
export function merge(left: Draft, right: Draft): Draft {
  const fields = new Map(left.fields);
  for (const [key, value] of right.fields) {
    const present = fields.get(key);
    if (present === undefined) {
      fields.set(key, value);
    } else if (isList(present) || isList(value)) {
      fields.set(key, intersection(key, present, value));
    } else {
      fields.set(key, merge(present, value));
    }
  }
  return { fields, ors: [...left.ors, ...right.ors] };
}

function intersection(key: string, left: Draft | PatternList, right: Draft | PatternList): PatternList {
  if (isList(left) && isList(right) && [...left, ...right].every((value) => typeof value !== 'object')) {
    return left.filter((value) => right.includes(value));
  }
  throw twice(key);
}

function twice(field: string): CompileError {
  return new CompileError(
    'eventbridge',
    `${field} would have to satisfy two demands at once, and EventBridge takes one a field`,
  );
}

/** The pattern of a draft. An object has one `$or`; a second one goes a level up, or is multiplied out at the top. */
export function finished(draft: Draft): PatternObject {
  const { pattern, rest } = settle(draft);
  if (rest.length === 0) {
    return pattern;
  }
  const multiplied = rest.reduce(
    (left, right) => left.flatMap((one) => right.map((other) => joined(one, other))),
    [(pattern[or] as readonly PatternObject[] | undefined) ?? []].flat(),
  );
  return { ...pattern, [or]: multiplied };
}

function settle(draft: Draft): { pattern: PatternObject; rest: readonly (readonly PatternObject[])[] } {
  const pattern: Record<string, PatternObject | PatternList> = {};
  const ors: (readonly PatternObject[])[] = draft.ors.map((members) => members.map(finished));
  for (const [key, value] of draft.fields) {
    if (isList(value)) {
      pattern[key] = value;
    } else {
      const below = settle(value);
      pattern[key] = below.pattern;
      ors.push(...below.rest.map((members) => members.map((member) => ({ [key]: member }))));
    }
  }
  separate(pattern, ors);
  const [first, ...rest] = ors;
  if (first) {
    pattern[or] = first;
  }
  return { pattern, rest };
}

/** EventBridge lets a field that stands twice count once: what stands within and beside an `$or` must differ. */
function separate(pattern: PatternObject, ors: readonly (readonly PatternObject[])[]): void {
  const groups = [paths(pattern), ...ors.map((members) => members.flatMap(paths))].map((group) => new Set(group));
  const seen = new Set<string>();
  for (const path of groups.flatMap((group) => [...group])) {
    if (seen.has(path)) {
      throw twice(path);
    }
    seen.add(path);
  }
}

function paths(pattern: PatternObject): string[] {
  return Object.entries(pattern).flatMap(([key, value]) => {
    if (key === or) {
      return (value as readonly PatternObject[]).flatMap(paths);
    }
    return isList(value) ? [key] : paths(value).map((below) => `${key}.${below}`);
  });
}

function joined(left: PatternObject, right: PatternObject): PatternObject {
  const both: Record<string, PatternObject | PatternList> = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const present = both[key];
    both[key] = present === undefined ? value : joined(present as PatternObject, value as PatternObject);
  }
  return both;
}
