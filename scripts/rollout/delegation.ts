import {
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import type { Config } from '../../organization/config';
import { type Delegation, deregister, isRegistered } from '../../organization/delegation';
import { explain } from '../../organization/failures';
import type { Session } from '../../organization/sessions';

// Organizations' name for StackSets with service-managed permissions. Source: Organizations user guide,
// "CloudFormation StackSets and AWS Organizations".
const servicePrincipal = 'member.org.stacksets.cloudformation.amazonaws.com';

/**
 * Lets the security account read the organization: as delegated administrator of StackSets it may list accounts, and so
 * knows which are suspended. Resolves with what was done, in words.
 */
export async function delegateStackSets(management: Session, config: Config): Promise<string> {
  const client = management.client(OrganizationsClient, config.homeRegion);
  try {
    if (await isDelegated(management, config)) {
      return 'registered already';
    }
    await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: servicePrincipal }));
    await client.send(
      new RegisterDelegatedAdministratorCommand({
        AccountId: config.securityAccount,
        ServicePrincipal: servicePrincipal,
      }),
    );
    return `${config.securityAccount} for StackSets`;
  } catch (error) {
    if ((error as Error).name === 'AccountAlreadyRegisteredException') {
      return 'registered already';
    }
    throw explain(error, {
      accountId: config.managementAccount,
      operation: 'organizations:RegisterDelegatedAdministrator',
    });
  }
}

/** Whether the security account is registered; not, where Organizations does not say. */
export async function isDelegated(management: Session, config: Config): Promise<boolean> {
  return isRegistered(management, delegationOf(config)).catch(() => false);
}

/** Takes back what `delegateStackSets` gave. */
export function withdrawStackSets(management: Session, config: Config): Promise<void> {
  return deregister(management, delegationOf(config));
}

function delegationOf({ securityAccount: accountId }: Config): Delegation {
  return { accountId, servicePrincipal };
}
