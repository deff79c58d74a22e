/** A finding's texts that a term asks of a field: one of these, or none of these; `*` stands for any characters. */
export type Texts = { readonly only: readonly string[] } | { readonly not: readonly string[] };

/** Conditions on a finding that all have to hold: one alternative of an EventBridge pattern. */
export interface Term {
  /** From (inclusive) and to (exclusive). */
  readonly severity?: readonly (readonly [number, number])[];
  readonly type?: Texts;
  readonly region?: Texts;
  readonly accountId?: Texts;
  /** From the month of this day on (UTC). */
  readonly from?: string;
}

/**
 * Both at once. Where the language of patterns has no word for both conditions on a field, the first stays: more is
 * delivered, never less. Absent when nothing can meet both.
 */
export function both(one: Term, other: Term): Term | undefined {
  const severity = ranges(one.severity, other.severity);
  const texts = (['type', 'region', 'accountId'] as const).map((field) => [field, textsOf(one[field], other[field])]);
  const impossible = severity?.length === 0 || texts.some(([, value]) => typeof value === 'object' && isNothing(value));
  const [from] = [one.from, other.from]
    .filter((day) => day !== undefined)
    .sort()
    .reverse();
  return impossible ? undefined : without({ severity, ...Object.fromEntries(texts), from });
}

/** The conditions as the `detail` and the `time` of a pattern. */
export function conditionsOf(term: Term): { readonly time?: readonly unknown[]; readonly detail: object } {
  const { severity, from } = term;
  const detail = {
    ...(severity && {
      severity: severity.map(([low, high]) => ({ numeric: ['>=', low, ...(high === Infinity ? [] : ['<', high])] })),
    }),
    ...(term.type && { type: matchersOf(term.type) }),
    ...(term.region && { region: matchersOf(term.region) }),
    ...(term.accountId && { accountId: matchersOf(term.accountId) }),
  };
  return { ...(from === undefined ? {} : { time: monthsFrom(from) }), detail };
}

function ranges(one: Term['severity'], other: Term['severity']): Term['severity'] {
  if (one === undefined || other === undefined) {
    return one ?? other;
  }
  return one
    .flatMap(([low, high]) => other.map(([from, to]) => [Math.max(low, from), Math.min(high, to)] as const))
    .filter(([low, high]) => low < high);
}

function textsOf(one: Texts | undefined, other: Texts | undefined): Texts | undefined {
  if (one === undefined || other === undefined) {
    return one ?? other;
  }
  if ('not' in one) {
    return 'not' in other ? { not: [...new Set([...one.not, ...other.not])].sort() } : textsOf(other, one);
  }
  const plain = (texts: Texts) => ('not' in texts ? texts.not : texts.only).every((text) => !text.includes('*'));
  if (!plain(one) || !plain(other)) {
    return one;
  }
  return { only: one.only.filter((text) => ('not' in other ? !other.not.includes(text) : other.only.includes(text))) };
}

function isNothing(texts: Texts): boolean {
  return 'only' in texts && texts.only.length === 0;
}

function without(term: Term): Term {
  return Object.fromEntries(Object.entries(term).filter(([, value]) => value !== undefined));
}

function matchersOf(texts: Texts): readonly unknown[] {
  if ('only' in texts) {
    return texts.only.map((text) => (text.includes('*') ? { wildcard: wildcard(text) } : text));
  }
  return [
    {
      'anything-but': texts.not.some((text) => text.includes('*')) ? { wildcard: texts.not.map(wildcard) } : texts.not,
    },
  ];
}

/** EventBridge takes no two stars in a row, and the backslash for an escape. */
function wildcard(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\*+/g, '*');
}

/** What times begin with, from a month on: `2026-11` → 2026-11, 2026-12, 2027, 2028, 2029, 203, …, 209, 21, …, 29. */
export function monthsFrom(day: string): readonly unknown[] {
  const [year = '', month = ''] = day.split('-');
  const later = (text: string) =>
    Array.from(
      { length: 9 - Number(text.at(-1)) },
      (_, index) => text.slice(0, -1) + (Number(text.at(-1)) + 1 + index),
    );
  const months = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0'));
  return [
    ...months.filter((other) => other >= month).map((other) => `${year}-${other}`),
    ...[year, year.slice(0, 3), year.slice(0, 2)].flatMap(later),
  ].map((prefix) => ({ prefix }));
}
