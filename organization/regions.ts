import { AccountClient, paginateListRegions, type RegionOptStatus } from '@aws-sdk/client-account';
import { explain } from './failures';
import type { Session } from './sessions';

/**
 * Regions that an account has enabled, sorted: those that are on by default and those that it opted in to. Asked of the
 * Account API, as a list in a program misses what is new.
 *
 * @throws GarrisonError when the call is refused
 */
export async function enabledRegions(session: Session): Promise<string[]> {
  return regionsOf(session, ['ENABLED', 'ENABLED_BY_DEFAULT']);
}

/** All regions that AWS knows in the account's partition, enabled or not, sorted. @throws GarrisonError when the call is refused */
export async function knownRegions(session: Session): Promise<string[]> {
  return regionsOf(session);
}

async function regionsOf(session: Session, statuses?: RegionOptStatus[]): Promise<string[]> {
  const client = session.client(AccountClient, session.homeRegion);
  const regions: string[] = [];
  try {
    for await (const page of paginateListRegions({ client, pageSize: 50 }, { RegionOptStatusContains: statuses })) {
      regions.push(...(page.Regions ?? []).map((region) => region.RegionName as string));
    }
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 'account:ListRegions' });
  }
  return regions.sort();
}
