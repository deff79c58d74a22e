import { cellKey } from '../../guardduty';
import type { Cell } from '../../organization/accounts';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { nearest } from '../../organization/text';
import type { Rollout } from '../rollout/context';
import { outOfReach } from '../rollout/desired';
import { disabledRegions } from '../rollout/reach';

/** Where a drill takes place. */
export interface CellOptions {
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly allRegions: boolean;
  readonly allCells: boolean;
}

/**
 * The cells that the options choose, without those that are out of reach. Unless told otherwise one member account in one
 * region: the alert then names a real member, and has come the whole way.
 *
 * @throws GarrisonError `option.account` or `option.region` for what is not guarded, `drill.cells` when nothing is left
 */
export async function cellsOf(options: CellOptions, rollout: Rollout, host: Host): Promise<Cell[]> {
  const regions = regionsOf(options, rollout);
  const accountIds = accountsOf(options, rollout);
  const { securityAccount } = rollout.config;
  const others = accountIds.filter((id) => id !== securityAccount && !rollout.inactive.has(id));
  // One account is as good as any by default: it says itself when the region is not enabled.
  const isChosen = options.allCells || options.allRegions || options.account !== undefined;
  const unreachable = outOfReach(rollout, isChosen ? await disabledRegions(rollout, others, host) : new Map());
  const cells = accountIds
    .flatMap((accountId) => regions.map((region) => ({ accountId, region })))
    .filter(({ accountId, region }) => !unreachable.has(cellKey(accountId, region)));
  if (cells.length === 0) {
    const reason = [...unreachable.values()][0] ?? 'there is no account';
    throw new GarrisonError('drill.cells', `nothing can be drilled: ${reason}`, 'Choose other accounts or regions.');
  }
  return cells;
}

function accountsOf({ account, allCells }: CellOptions, { accounts, config, inactive }: Rollout): readonly string[] {
  const known = accounts.map(({ id }) => id);
  if (account !== undefined) {
    const unknown = account.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      const meant = nearest(unknown, known);
      throw new GarrisonError(
        'option.account',
        `--account ${unknown} is not in accounts.csv`,
        meant ? `Did you mean ${meant}?` : 'Give account ids, separated by blanks.',
      );
    }
    return account;
  }
  if (allCells) {
    return known;
  }
  const members = known.filter((id) => id !== config.securityAccount && !inactive.has(id));
  return [members.find((id) => id !== config.managementAccount) ?? members[0] ?? config.securityAccount];
}

function regionsOf({ region, allRegions, allCells }: CellOptions, { regions, config }: Rollout): readonly string[] {
  const unknown = (region ?? []).filter((name) => !regions.includes(name));
  if (unknown.length > 0) {
    throw new GarrisonError(
      'option.region',
      `--region ${unknown.join(' ')} is not guarded`,
      `Guarded regions: ${regions.join(' ')}.`,
    );
  }
  if (region !== undefined) {
    return region;
  }
  return allRegions || allCells ? regions : [config.homeRegion];
}
