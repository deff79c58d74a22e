import { GetRoleCommand, type IAMClient, paginateListEntitiesForPolicy } from '@aws-sdk/client-iam';
import pMap from 'p-map';

const requestsAtOnce = 4;

/**
 * ARNs of the roles of an account that have one of the policies attached, sorted. A policy that the account does not
 * have is attached to none. Throws what IAM answers otherwise.
 */
export async function rolesWithPolicies(client: IAMClient, policyArns: readonly string[]): Promise<string[]> {
  const names = new Set<string>();
  for (const PolicyArn of policyArns) {
    for (const name of await namesWith(client, PolicyArn)) {
      names.add(name);
    }
  }
  const arns = await pMap(names, async (RoleName) => (await client.send(new GetRoleCommand({ RoleName }))).Role?.Arn, {
    concurrency: requestsAtOnce,
  });
  return arns.filter((arn) => arn !== undefined).sort();
}

async function namesWith(client: IAMClient, PolicyArn: string): Promise<string[]> {
  const names: string[] = [];
  // Without the filter a policy that only bounds a role would count.
  const input = { PolicyArn, EntityFilter: 'Role', PolicyUsageFilter: 'PermissionsPolicy' } as const;
  try {
    for await (const { PolicyRoles = [] } of paginateListEntitiesForPolicy({ client }, input)) {
      names.push(...PolicyRoles.flatMap(({ RoleName }) => RoleName ?? []));
    }
  } catch (error) {
    if ((error as Error).name !== 'NoSuchEntityException') {
      throw error;
    }
  }
  return names;
}
