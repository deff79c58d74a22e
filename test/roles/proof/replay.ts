import type { RecordedDecision } from '../../../sandbox';
import { refusalMessage } from '../../../sandbox/core/authorization';
import { decide } from '../../../sandbox/core/decision';
import { type Withheld, withoutStatement } from '../../../sandbox/core/withheld';
import { accountOf, type Unit } from './units';

/** Where a rehearsal stops. */
export interface Stop {
  /** Place of the refused request among all that were decided. */
  readonly at: number;
  /** IAM's refusal, as a client reads it. */
  readonly message: string;
}

/** The decisions about the requests of each role, by their place in the rehearsal. */
export type Rehearsal = ReadonlyMap<string, readonly (RecordedDecision & { readonly at: number })[]>;

export function rehearsalOf(decisions: readonly RecordedDecision[]): Rehearsal {
  const byRole = new Map<string, (RecordedDecision & { at: number })[]>();
  decisions.forEach((decision, at) => {
    const { roleArn } = decision.caller;
    if (roleArn !== undefined) {
      const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
      byRole.set(role, [...(byRole.get(role) ?? []), { ...decision, at }]);
    }
  });
  return byRole;
}

/** The first request that was allowed in the rehearsal and is refused once something is withheld. */
export function stopWithout(
  rehearsal: Rehearsal,
  withheld: Withheld & Pick<Unit, 'account'>,
  actions: ReadonlySet<string>,
): Stop | undefined {
  for (const { at, caller, question, decision } of rehearsal.get(withheld.role) ?? []) {
    const near = actions.has(question.action) && accountOf(withheld.role, caller.accountId) === withheld.account;
    if (!near || decision.effect !== 'Allowed') {
      continue;
    }
    const { action, resource } = question;
    const identityPolicies = question.identityPolicies.map((document) => withoutStatement(document, withheld));
    const now = decide({ ...question, identityPolicies });
    if (now.effect !== 'Allowed') {
      return { at, message: refusalMessage(caller, { action, resource, decision: now }) };
    }
  }
  return undefined;
}
