import {
  DisableOrganizationAdminAccountCommand,
  GuardDutyClient,
  ListOrganizationAdminAccountsCommand,
} from '@aws-sdk/client-guardduty';
import { forEach } from '../organization/cells';
import { deregister } from '../organization/delegation';
import type { GarrisonError } from '../organization/errors';
import type { Session } from '../organization/sessions';

const servicePrincipal = 'guardduty.amazonaws.com';

/**
 * Regions in which an account is GuardDuty's delegated administrator. Reads only, as the management account.
 *
 * @throws GarrisonError when a region cannot be read
 */
export async function delegatedRegions(
  management: Session,
  administratorId: string,
  regions: readonly string[],
  concurrency: number,
): Promise<string[]> {
  const places = regions.map((region) => ({ region }));
  const outcomes = await forEach(places, concurrency, async ({ region }) => {
    return isDelegated(management.client(GuardDutyClient, region), administratorId);
  });
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'failed') {
      throw outcome.error;
    }
    return outcome.result ? [outcome.target.region] : [];
  });
}

/**
 * Ends the delegation of GuardDuty, region by region, and then the registration in Organizations that it made. Trusted
 * access stays, as others may use it. Members by the organization leave; their detectors stay as they are.
 */
export async function withdrawDelegation(
  management: Session,
  administratorId: string,
  regions: readonly string[],
  concurrency: number,
): Promise<GarrisonError[]> {
  const places = regions.map((region) => ({ region }));
  const outcomes = await forEach(places, concurrency, async ({ region }) => {
    const client = management.client(GuardDutyClient, region);
    try {
      await client.send(new DisableOrganizationAdminAccountCommand({ AdminAccountId: administratorId }));
    } catch (error) {
      // The try before an answer that was lost may have done it.
      if (await isDelegated(client, administratorId)) {
        throw error;
      }
    }
  });
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []));
  if (failed.length === 0) {
    // It goes with the last region; where it was never made it is not missed.
    await deregister(management, { accountId: administratorId, servicePrincipal });
  }
  return failed;
}

async function isDelegated(client: GuardDutyClient, administratorId: string): Promise<boolean> {
  const { AdminAccounts = [] } = await client.send(new ListOrganizationAdminAccountsCommand({}));
  return AdminAccounts.some(({ AdminAccountId }) => AdminAccountId === administratorId);
}
