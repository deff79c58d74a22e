import type { SandboxAccount } from './world';

/** What the other services may know about the organization without an API call. */
export interface OrganizationView {
  readonly id: string;
  readonly managementAccountId: string;
  /** Whether the account is in the organization now, the management account included. */
  has(accountId: string): boolean;
  /** Every account in the organization, the management account included, in the order they joined. */
  accountIds(): readonly string[];
  /** Whether the service principal (`guardduty.amazonaws.com`) has trusted access. */
  trusts(servicePrincipal: string): boolean;
  /** Accounts registered as delegated administrator of the service principal. */
  delegatedAdministrators(servicePrincipal: string): readonly string[];
  /** `o-…/r-…/ou-…/` for `aws:PrincipalOrgPaths`; undefined outside the organization. */
  path(accountId: string): string | undefined;
  /**
   * Policy documents (JSON) that guard the account, one list per level from the root down to the account itself:
   * an action must be allowed on every level. Empty for the management account, and while the policy type is off.
   */
  serviceControlPolicies(accountId: string): readonly (readonly string[])[];
  /** The same for resource control policies. */
  resourceControlPolicies(accountId: string): readonly (readonly string[])[];
  /** The account's effective management policy of a type (`GUARDDUTY_POLICY`) as JSON; undefined when it has none. */
  effectivePolicy(type: string, accountId: string): string | undefined;
}

type AccountListener = (account: SandboxAccount) => Promise<void> | void;

/**
 * The place where the Organizations service tells the rest of the world what it knows:
 * the core's authoriser reads policies here, GuardDuty enables new accounts.
 */
export class OrganizationLink {
  /** Absent while no organization exists. */
  current: OrganizationView | undefined;
  private readonly created: AccountListener[] = [];
  private readonly joined: AccountListener[] = [];
  private readonly left: AccountListener[] = [];
  private readonly closed: AccountListener[] = [];
  private readonly policies: (() => void)[] = [];

  /** An account came into being (`CreateAccount`): called before it joins, so that it can be furnished. */
  onAccountCreated(listener: AccountListener): void {
    this.created.push(listener);
  }

  /** An account is now in the organization, created or invited. */
  onAccountJoined(listener: AccountListener): void {
    this.joined.push(listener);
  }

  onAccountLeft(listener: AccountListener): void {
    this.left.push(listener);
  }

  /** An account was closed and is suspended from now on. */
  onAccountClosed(listener: AccountListener): void {
    this.closed.push(listener);
  }

  /** Effective policies may have changed: documents, attachments, types, or an account's place in the tree. */
  onPoliciesChanged(listener: () => void): void {
    this.policies.push(listener);
  }

  tellPoliciesChanged(): void {
    for (const listener of this.policies) {
      listener();
    }
  }

  async tell(what: 'created' | 'joined' | 'left' | 'closed', account: SandboxAccount): Promise<void> {
    for (const listener of this[what]) {
      await listener(account);
    }
  }
}
