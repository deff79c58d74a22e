import { IAMClient } from '@aws-sdk/client-iam';
import pMap from 'p-map';
import { administratorPolicies } from '../../detections/rollout';
import type { Host } from '../../organization/messages';
import { rolesWithPolicies } from '../../organization/policyRoles';
import type { Session } from '../../organization/sessions';
import type { Rollout } from './context';

const accountsAtOnce = 16;

/**
 * Roles of the organization's accounts that have one of the administrator policies which `garrison.yaml` names, sorted.
 * Accounts that cannot be asked are told in a warning: their roles are missing in the rules.
 */
export async function administratorsOf(
  rollout: Pick<Rollout, 'config' | 'accounts' | 'operator' | 'members' | 'inactive'>,
  host: Host,
): Promise<string[]> {
  const { config, accounts, operator, members, inactive } = rollout;
  const policies = [...administratorPolicies(config.detections, accounts)].filter(([id]) => !inactive.has(id));
  const unknown: string[] = [];
  let reason = '';
  const found = await pMap(
    policies,
    async ([id, arns]) => {
      try {
        const session: Session = id === operator.accountId ? operator : members.of(id);
        return await rolesWithPolicies(session.client(IAMClient, config.homeRegion), arns);
      } catch (error) {
        unknown.push(id);
        reason = (error as Error).message;
        return [];
      }
    },
    { concurrency: accountsAtOnce },
  );
  if (unknown.length > 0) {
    host.emit({
      code: 'detection.administrators',
      level: 'warning',
      text: `roles with administrator policies are not known of ${listed(unknown)}, and are missing in the rules: ${reason}. If the policies were named only now, run bootstrap and apply, then apply once more`,
      data: { accounts: unknown },
    });
  }
  return found.flat().sort();
}

function listed(ids: readonly string[]): string {
  const shown = [...ids].sort().slice(0, 5).join(', ');
  return ids.length > 5 ? `${ids.length} accounts (${shown}, …)` : shown;
}
