import { z } from 'zod';
import type { Account } from '../accounts';
import { isInUnit, unitPath } from '../unitPaths';

const methods = ['assume-role', 'organization', 'links'] as const;
const method = z.enum(methods);

/** How the execution roles come into an account. */
export type BootstrapMethod = (typeof methods)[number];

/** The section `bootstrap` of `garrison.yaml`. */
export const bootstrapSchema = z
  .strictObject({
    method: method
      .default('assume-role')
      .describe(
        'How execution roles come into accounts: `assume-role` through roles.accountAccessRole; `organization` by a stack set of the organization, into new accounts too; `links` for accounts that only their own administrators reach.',
      ),
    organizationalUnits: z
      .record(z.string().min(1), method)
      .default({})
      .describe('Another method below an organizational unit, by its path in accounts.csv; the longest path counts.'),
    accounts: z
      .record(z.string().regex(/^\d{12}$/, 'must be 12 digits'), method)
      .default({})
      .describe('Another method for single accounts, by account id.'),
    targets: z
      .array(
        z.string().regex(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/, 'must be the id of a root or unit'),
      )
      .min(1)
      .optional()
      .describe(
        'For `organization`: the units, by id, whose present and future accounts get the roles. Left out: all.',
      ),
  })
  .prefault({});

/** The section `bootstrap`, defaults filled in. */
export type BootstrapConfiguration = z.output<typeof bootstrapSchema>;

/**
 * How the roles come into one account. The management account is where the command runs; the security account is always
 * reached by a role, as its administration roles have to stand first.
 */
export function bootstrapMethodOf(
  account: Pick<Account, 'id' | 'ou'>,
  config: {
    readonly bootstrap: BootstrapConfiguration;
    readonly managementAccount: string;
    readonly securityAccount: string;
  },
): BootstrapMethod {
  const { method: general, accounts, organizationalUnits } = config.bootstrap;
  if (account.id === config.managementAccount || account.id === config.securityAccount) {
    return 'assume-role';
  }
  const [nearest] = Object.entries(organizationalUnits)
    .filter(([unit]) => isInUnit(account.ou, unit))
    .sort(([one], [other]) => unitPath(other).length - unitPath(one).length);
  return accounts[account.id] ?? nearest?.[1] ?? general;
}
