/** Conditions of a statement: operator → key → values, any of which will do. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * A statement that denies. All that guardrails are made of: they grant nothing. Either `Action` or `NotAction`, either
 * `Resource` or `NotResource`.
 */
export interface Statement {
  /** Letters and digits only: managed policies of IAM take no others. */
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Conditions;
}

/** A statement that denies actions, on every resource unless some are named. */
export function deny(
  Sid: string,
  actions: readonly string[],
  { resources = ['*'], conditions }: { resources?: readonly string[]; conditions?: Conditions } = {},
): Statement {
  return { Sid, Effect: 'Deny', Action: sorted(actions), Resource: sorted(resources), Condition: conditions };
}

/** A statement that denies everything but some actions. */
export function denyAllBut(Sid: string, actions: readonly string[], conditions: Conditions): Statement {
  return { Sid, Effect: 'Deny', NotAction: sorted(actions), Resource: ['*'], Condition: conditions };
}

/** Each once, in one order: what is written does not change from run to run. */
export function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
