import { ec2Error } from '../errors';
import type { Cell, RuleTerms, SecurityGroup } from '../state';

/** Rules of one direction and one family of addresses that a group may have (VPC quotas, adjustable). */
const rulesPerGroup = 60;

/** How many rules a rule counts for: a prefix list for as many as it may have entries. */
function weight(cell: Cell, terms: RuleTerms): number {
  return terms.prefixListId === undefined ? 1 : (cell.prefixLists.get(terms.prefixListId)?.maxEntries ?? 1);
}

/** Rules that name a group count for both families. */
function countsFor(cell: Cell, terms: RuleTerms, family: 4 | 6): boolean {
  if (terms.prefixListId !== undefined) {
    return cell.prefixLists.get(terms.prefixListId)?.family !== (family === 4 ? 'IPv6' : 'IPv4');
  }
  return family === 4 ? terms.cidr6 === undefined : terms.cidr4 === undefined;
}

/** @throws ServiceError `RulesPerSecurityGroupLimitExceeded` when the group cannot take more rules */
export function checkLimits(cell: Cell, group: SecurityGroup, more: readonly RuleTerms[]): void {
  const all = [...[...group.rules.values()].map((rule) => rule.terms), ...more];
  for (const egress of [false, true]) {
    for (const family of [4, 6] as const) {
      const counted = all.filter((terms) => terms.egress === egress && countsFor(cell, terms, family));
      if (counted.reduce((sum, terms) => sum + weight(cell, terms), 0) > rulesPerGroup) {
        throw ec2Error(
          'RulesPerSecurityGroupLimitExceeded',
          'The maximum number of rules per security group has been reached.',
        );
      }
    }
  }
}
