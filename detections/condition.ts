/** A value that a condition compares with. Types count: `443` is not `"443"`, `false` is not `"false"`. */
export type Scalar = string | number | boolean;

/**
 * What a detection looks for in a CloudTrail record, in terms that every engine can be told. Fields are dotted paths
 * from the record's top. Text is compared with its case.
 */
export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  /** The field has one of the values. */
  | { readonly kind: 'is'; readonly field: string; readonly values: readonly Scalar[] }
  /** The field is there, and has none of the values. */
  | { readonly kind: 'isNot'; readonly field: string; readonly values: readonly Scalar[] }
  /** The field is not there, or has none of the values. */
  | { readonly kind: 'differs'; readonly field: string; readonly values: readonly Scalar[] }
  /** The field is text of one of the forms; `*` stands for any characters. */
  | { readonly kind: 'like'; readonly field: string; readonly patterns: readonly string[] }
  /** The field is not there, null or empty text. */
  | { readonly kind: 'absent'; readonly field: string }
  /** The field is an IP address outside all of the networks (CIDR blocks). */
  | { readonly kind: 'outside'; readonly field: string; readonly networks: readonly string[] }
  /** One element of the list at `field` satisfies the condition, whose fields are paths from the element. */
  | { readonly kind: 'element'; readonly field: string; readonly condition: Condition };

export type LeafCondition = Exclude<Condition, { kind: 'all' | 'any' | 'element' }>;

/** All of them. What differs from nothing demands nothing, and is left out. */
export function all(...members: readonly Condition[]): Condition {
  const of = members.filter((member) => member.kind !== 'differs' || member.values.length > 0);
  return of.find(isNever) ?? (of.length === 1 ? (of[0] as Condition) : { kind: 'all', of });
}

/** Any of them. What no record can satisfy is left out. */
export function any(...members: readonly Condition[]): Condition {
  const of = members.filter((member) => !isNever(member));
  return of.length === 1 ? (of[0] as Condition) : { kind: 'any', of };
}

/** Whether no record can satisfy a condition, since it names nothing to be equal to. */
export function isNever(condition: Condition): boolean {
  switch (condition.kind) {
    case 'is':
      return condition.values.length === 0;
    case 'like':
      return condition.patterns.length === 0;
    case 'any':
      return condition.of.every(isNever);
    case 'all':
      return condition.of.some(isNever);
    case 'element':
      return isNever(condition.condition);
    default:
      return false;
  }
}

export const is = (field: string, ...values: readonly Scalar[]): Condition => ({ kind: 'is', field, values });
export const isNot = (field: string, ...values: readonly Scalar[]): Condition => ({ kind: 'isNot', field, values });
export const differs = (field: string, ...values: readonly Scalar[]): Condition => ({ kind: 'differs', field, values });
export const like = (field: string, ...patterns: readonly string[]): Condition => ({ kind: 'like', field, patterns });
export const absent = (field: string): Condition => ({ kind: 'absent', field });
export const outside = (field: string, networks: readonly string[]): Condition => ({
  kind: 'outside',
  field,
  networks,
});
export const element = (field: string, condition: Condition): Condition => ({ kind: 'element', field, condition });

/** A call of one of the operations of a service, such as `kms.amazonaws.com`. */
export const calls = (eventSource: string, ...eventNames: readonly string[]): Condition =>
  all(is('eventSource', eventSource), is('eventName', ...eventNames));
