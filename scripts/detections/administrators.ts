import { privilegedRoleUsed } from '../../detections/catalog/privileged-role-used';
import type { Overrides } from '../../detections/settings';
import { configure } from '../../detections/settings';
import { GarrisonError } from '../../organization/errors';

/**
 * Settings in which the detection of privileged roles also names the roles of this account that have one of the
 * policies attached: CloudTrail's records do not tell which policies a role has. Asks IAM with the caller's credentials.
 */
export async function withAdministrators(overrides: Overrides, policyArns: readonly string[]): Promise<Overrides> {
  if (policyArns.length === 0) {
    return overrides;
  }
  const { id } = privilegedRoleUsed;
  const named = configure(privilegedRoleUsed, overrides).settings.roles as readonly string[];
  const roles = [...new Set([...named, ...(await rolesWith(policyArns))])];
  return { ...overrides, [id]: { ...overrides[id], roles } };
}

async function rolesWith(policyArns: readonly string[]): Promise<string[]> {
  const { IAMClient, paginateListEntitiesForPolicy } = await import('@aws-sdk/client-iam');
  const client = new IAMClient({});
  const roles: string[] = [];
  for (const PolicyArn of policyArns) {
    try {
      for await (const page of paginateListEntitiesForPolicy({ client }, { PolicyArn, EntityFilter: 'Role' })) {
        roles.push(...(page.PolicyRoles ?? []).flatMap(({ RoleName }) => RoleName ?? []));
      }
    } catch (error) {
      throw new GarrisonError(
        'detection.administrators',
        `roles with ${PolicyArn} cannot be listed: ${(error as Error).message}`,
        'Needs iam:ListEntitiesForPolicy in this account.',
        { operation: 'iam:ListEntitiesForPolicy' },
        { cause: error },
      );
    }
  }
  return roles;
}
