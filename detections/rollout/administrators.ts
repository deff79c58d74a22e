import { privilegedRoleUsed } from '../catalog/privileged-role-used';
import type { Overrides } from '../settings';
import { overridesFor } from '../settingsFile';
import { wildcardTest } from '../wildcard';
import { isEnabled } from './enabled';
import type { RolloutSettings } from './types';

const { id, parameters } = privilegedRoleUsed;

/**
 * Policies whose roles count as privileged, by account: CloudTrail's records do not tell which policies a role has, so
 * somebody has to ask each account's IAM. AWS's own policies are every account's, others that of the account in their
 * ARN. Accounts without any are not among them. Pure.
 */
export function administratorPolicies(
  settings: RolloutSettings,
  accounts: readonly { readonly id: string; readonly ou?: string }[],
): ReadonlyMap<string, readonly string[]> {
  const on = isEnabled(id, settings) ? accounts : [];
  const pairs = on.map((account): [string, readonly string[]] => {
    const given = overridesFor(settings, account.id, account.ou)[id]?.administratorPolicies;
    const policies: readonly string[] = Array.isArray(given) ? given : [];
    return [account.id, policies.filter((arn) => ['aws', account.id].includes(arn.split(':')[4] ?? ''))];
  });
  return new Map(pairs.filter(([, policies]) => policies.length > 0));
}

/** Settings in which roles that were found by their policies count, beside those that are named. */
export function withAdministrators(overrides: Overrides, roleArns: readonly string[]): Overrides {
  const given = overrides[id]?.roles ?? parameters.roles?.default;
  if (roleArns.length === 0 || !Array.isArray(given)) {
    return overrides;
  }
  const tests = given.map((role: string) => wildcardTest(role.startsWith('arn:') ? role : `*/${role}`));
  const others = roleArns.filter((arn) => !tests.some((test) => test(arn)));
  return { ...overrides, [id]: { ...overrides[id], roles: [...given, ...others] } };
}
