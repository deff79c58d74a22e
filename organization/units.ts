import {
  OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
} from '@aws-sdk/client-organizations';
import { explain } from './failures';
import type { Session } from './sessions';

/**
 * Paths of the organizational units that accounts are in, such as `Workloads/Production`, by account id; empty for an
 * account at the root. Two calls a unit rather than one for every account.
 *
 * @throws GarrisonError when a call is refused
 */
export async function organizationUnits(session: Session): Promise<Map<string, string>> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  const paths = new Map<string, string>();
  const pageSize = 20;
  const visit = async (ParentId: string, path: string): Promise<void> => {
    for await (const { Accounts = [] } of paginateListAccountsForParent({ client, pageSize }, { ParentId })) {
      for (const { Id } of Accounts) {
        paths.set(Id as string, path);
      }
    }
    const pages = paginateListOrganizationalUnitsForParent({ client, pageSize }, { ParentId });
    for await (const { OrganizationalUnits = [] } of pages) {
      for (const { Id, Name } of OrganizationalUnits) {
        await visit(Id as string, path === '' ? (Name as string) : `${path}/${Name}`);
      }
    }
  };
  try {
    for await (const { Roots = [] } of paginateListRoots({ client }, {})) {
      for (const { Id } of Roots) {
        await visit(Id as string, '');
      }
    }
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 'organizations:ListAccountsForParent' });
  }
  return paths;
}
