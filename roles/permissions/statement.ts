import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Allows actions on resources. The id says what the statement is for; docs/roles.md explains each, and the proof test
 * names the one that it took away.
 */
export function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Conditions,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    conditions,
  });
}
