import {
  DeregisterDelegatedAdministratorCommand,
  OrganizationsClient,
  paginateListDelegatedAdministrators,
} from '@aws-sdk/client-organizations';
import { explain } from './failures';
import type { Session } from './sessions';

/** A service of which an account of the organization is the delegated administrator. */
export interface Delegation {
  readonly accountId: string;
  /** Such as `guardduty.amazonaws.com`. */
  readonly servicePrincipal: string;
}

/** Whether the account is registered. Asks as the management account; throws what Organizations answers. */
export async function isRegistered(management: Session, delegation: Delegation): Promise<boolean> {
  const client = management.client(OrganizationsClient, management.homeRegion);
  const ServicePrincipal = delegation.servicePrincipal;
  for await (const page of paginateListDelegatedAdministrators({ client }, { ServicePrincipal })) {
    if (page.DelegatedAdministrators?.some(({ Id }) => Id === delegation.accountId)) {
      return true;
    }
  }
  return false;
}

/**
 * Ends a registration. One that is not there, or went with the try before an answer that was lost, is none; trusted access
 * stays, as others may use it.
 *
 * @throws GarrisonError when the account is still registered afterwards
 */
export async function deregister(management: Session, delegation: Delegation): Promise<void> {
  const client = management.client(OrganizationsClient, management.homeRegion);
  const { accountId: AccountId, servicePrincipal: ServicePrincipal } = delegation;
  try {
    await client.send(new DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
  } catch (error) {
    if (await isRegistered(management, delegation).catch(() => true)) {
      throw explain(error, {
        accountId: management.accountId,
        operation: 'organizations:DeregisterDelegatedAdministrator',
      });
    }
  }
}
