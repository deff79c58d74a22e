import { withAdministrators } from '../../detections/rollout/administrators';
import type { Overrides } from '../../detections/settings';
import { GarrisonError } from '../../organization/errors';
import { rolesWithPolicies } from '../../organization/policyRoles';

/**
 * Settings in which the detection of privileged roles also names the roles of this account that have one of the
 * policies attached. Asks IAM with the caller's credentials.
 */
export async function withOwnAdministrators(overrides: Overrides, policyArns: readonly string[]): Promise<Overrides> {
  if (policyArns.length === 0) {
    return overrides;
  }
  const { IAMClient } = await import('@aws-sdk/client-iam');
  try {
    return withAdministrators(overrides, await rolesWithPolicies(new IAMClient({}), policyArns));
  } catch (error) {
    throw new GarrisonError(
      'detection.administrators',
      `roles with ${policyArns.join(', ')} cannot be listed: ${(error as Error).message}`,
      'Needs iam:ListEntitiesForPolicy and iam:GetRole in this account.',
      { operation: 'iam:ListEntitiesForPolicy' },
      { cause: error },
    );
  }
}
