import { forEach } from '../../organization/cells';
import type { Host } from '../../organization/messages';
import { enabledRegions } from '../../organization/regions';
import type { Rollout } from './context';

/**
 * Regions of the rollout that accounts have not enabled, by account: each account is asked itself. One that cannot be
 * asked yet (its role is not there, or a policy denies it) is taken to have all of them; what is refused later says why.
 */
export async function disabledRegions(
  rollout: Rollout,
  accountIds: readonly string[],
  host: Host,
): Promise<Map<string, ReadonlySet<string>>> {
  const places = accountIds.map((accountId) => ({ accountId }));
  const outcomes = await forEach(places, rollout.config.operations.concurrency, ({ accountId }) =>
    enabledRegions(rollout.members.of(accountId)),
  );
  const disabled = new Map<string, ReadonlySet<string>>();
  for (const outcome of outcomes) {
    if (outcome.status === 'done') {
      const enabled = new Set(outcome.result);
      disabled.set(outcome.target.accountId, new Set(rollout.regions.filter((region) => !enabled.has(region))));
    } else {
      // Before the first rollout there is no role to ask through: that is no news.
      const level = outcome.error.place.operation === 'account:ListRegions' ? 'warning' : 'debug';
      host.emit({ code: 'regions.unknown', level, text: outcome.error.message, data: { ...outcome.target } });
    }
  }
  return disabled;
}
