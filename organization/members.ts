import { OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations';
import { explain } from './failures';
import type { Session } from './sessions';

/** An account as AWS Organizations knows it. */
export interface OrganizationAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, `CLOSED`, … */
  readonly status: string;
}

/**
 * Every account of the organization. The management account may ask, and a delegated administrator.
 *
 * @throws GarrisonError when the call is refused
 */
export async function organizationAccounts(session: Session): Promise<OrganizationAccount[]> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  const accounts: OrganizationAccount[] = [];
  try {
    for await (const page of paginateListAccounts({ client, pageSize: 20 }, {})) {
      for (const account of page.Accounts ?? []) {
        accounts.push({
          id: account.Id as string,
          email: account.Email ?? '',
          name: account.Name ?? '',
          status: account.State ?? account.Status ?? 'ACTIVE',
        });
      }
    }
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 'organizations:ListAccounts' });
  }
  return accounts;
}
