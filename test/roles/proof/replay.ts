import type { RecordedDecision, Withheld } from '../../../sandbox';
import { refusalMessage } from '../../../sandbox/core/authorization';
import { decide } from '../../../sandbox/core/decision';
import { parsePolicyFor } from '../../../sandbox/core/policyDocuments';
import { withoutStatement } from '../../../sandbox/core/withheld';
import { accountOf, type Unit } from './units';

/** Where a rehearsal stops. */
export interface Stop {
  /** Place of the refused request among all that were decided. */
  readonly at: number;
  /** IAM's refusal, as a client reads it. */
  readonly message: string;
}

type Asked = RecordedDecision & { readonly at: number };

/** What IAM allowed in a rehearsal, by role and action. */
export type Rehearsal = ReadonlyMap<string, readonly Asked[]>;

const keyOf = (role: string, action: string) => `${role} ${action}`;

export function rehearsalOf(decisions: readonly RecordedDecision[]): Rehearsal {
  const allowed = new Map<string, Asked[]>();
  decisions.forEach((decision, at) => {
    const { roleArn = '' } = decision.caller;
    if (decision.decision.effect === 'Allowed') {
      const key = keyOf(roleArn.slice(roleArn.lastIndexOf('/') + 1), decision.question.action);
      allowed.set(key, [...(allowed.get(key) ?? []), { ...decision, at }]);
    }
  });
  return allowed;
}

/**
 * The first request that was allowed in the rehearsal and is refused once a statement, or an action of it, is withheld
 * from a role. `actions` are those that the statement allows.
 */
export function stopWithout(
  rehearsal: Rehearsal,
  withheld: Withheld & Pick<Unit, 'account'>,
  actions: readonly string[],
): Stop | undefined {
  const asked = actions
    .flatMap((action) => rehearsal.get(keyOf(withheld.role, action)) ?? [])
    .filter(({ caller }) => accountOf(withheld.role, caller.accountId) === withheld.account)
    .sort((one, other) => one.at - other.at);
  for (const { at, caller, question } of asked) {
    const { action, resource } = question;
    const decision = decide({ ...question, identityPolicies: policiesWithout(question, withheld) });
    if (decision.effect !== 'Allowed') {
      return { at, message: refusalMessage(caller, { action, resource, decision }) };
    }
  }
  return undefined;
}

/** Only what says something of the action: whole policies would be read anew for everything that is withheld. */
function policiesWithout({ identityPolicies, action }: RecordedDecision['question'], withheld: Withheld): string[] {
  return identityPolicies.map((document) =>
    withoutStatement(JSON.stringify(parsePolicyFor(document, action)), withheld),
  );
}
