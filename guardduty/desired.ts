import type { Account } from '../organization/accounts';
import type { Config } from '../organization/config';
import { isInUnit } from '../organization/unitPaths';
import type { AutoEnable } from './change';
import type { AutoEnablePlans, FeatureStatus, Features } from './features';
import type { DesiredSettings } from './settings';

/**
 * How accounts become members. `auto`: through the organization where they are in it, by invitation elsewhere; `policy`
 * the same, with policies of AWS Organizations that hold their settings.
 */
export type Route = 'auto' | 'organization' | 'invitation' | 'policy';

/** What GuardDuty is to look like: pure, from `accounts.csv` and `garrison.yaml`. */
export interface DesiredGuard {
  /** The security account: GuardDuty administrator in every region. */
  readonly administratorId: string;
  /** Path of the administrator's organizational unit. */
  readonly administratorOu?: string;
  readonly regions: readonly string[];
  /** Every account but the administrator, with its root e-mail. */
  readonly members: readonly DesiredMember[];
  readonly findingPublishingFrequency: 'FIFTEEN_MINUTES' | 'ONE_HOUR' | 'SIX_HOURS';
  readonly invitationEmails: boolean;
  /** `invitation` unless given. */
  readonly route?: Route;
  /** Whose role it is to delegate GuardDuty's administration. */
  readonly managementAccountId?: string;
  /** Accounts of the organization; left out when nobody could be asked. */
  readonly inside?: ReadonlySet<string>;
  /** Which accounts GuardDuty enrols by itself, where it is administered for the organization; left as it is unless given. */
  readonly autoEnable?: AutoEnable;
  /** The same for single plans, by their keys in `Features`; those that are left out stay as they are. */
  readonly autoEnablePlans?: AutoEnablePlans;
  /** Protection plans, the last rule that matches a cell and names a plan decides. Those that none names stay as they are. */
  readonly planRules?: readonly PlanRule[];
  /** Filters, lists and publishing destinations of the administrator. */
  readonly settings?: DesiredSettings;
}

/** An account that is to be a member, and the regions in which it can be. */
export interface DesiredMember {
  readonly accountId: string;
  readonly email: string;
  /** Path of the organizational unit. */
  readonly ou?: string;
}

/** Protection plans of the cells that match everything that is given. */
export interface PlanRule {
  readonly accounts?: readonly string[];
  /** An organizational unit stands for those below it, too. */
  readonly ous?: readonly string[];
  readonly regions?: readonly string[];
  readonly plans: Features;
}

/**
 * The desired state.
 *
 * @param regions what `regions: all` stands for
 * @param inside the organization's accounts, when they are known
 * @param settings filters, lists and destinations: `desiredSettings`
 */
export function desiredGuard(
  config: Config,
  accounts: readonly Account[],
  regions: readonly string[],
  inside?: ReadonlySet<string>,
  settings?: DesiredSettings,
): DesiredGuard {
  const { guardduty } = config;
  const administrator = accounts.find(({ id }) => id === config.securityAccount);
  return {
    administratorId: config.securityAccount,
    ...(administrator?.ou ? { administratorOu: administrator.ou } : {}),
    regions,
    members: accounts
      .filter((account) => account.id !== config.securityAccount)
      .map((account) => ({ accountId: account.id, email: account.email, ...(account.ou ? { ou: account.ou } : {}) })),
    findingPublishingFrequency: guardduty.findingPublishingFrequency,
    invitationEmails: guardduty.invitationEmails,
    route: guardduty.route,
    managementAccountId: config.managementAccount,
    ...(inside ? { inside } : {}),
    ...(guardduty.autoEnable ? { autoEnable: guardduty.autoEnable } : {}),
    autoEnablePlans: featureKeys(guardduty.autoEnablePlans, guardduty.autoEnableAgents),
    planRules: [guardduty, ...guardduty.overrides].map(planRule),
    ...(settings ? { settings } : {}),
  };
}

interface PlanSection {
  readonly accounts?: readonly string[];
  readonly ous?: readonly string[];
  readonly regions?: readonly string[];
  readonly plans: Readonly<Partial<Record<string, FeatureStatus>>>;
  readonly agents: Readonly<Partial<Record<string, FeatureStatus>>>;
}

function planRule({ accounts, ous, regions, plans, agents }: PlanSection): PlanRule {
  return { accounts, ous, regions, plans: featureKeys(plans, agents) };
}

/** By the keys of `Features`. */
function featureKeys<T>(plans: Readonly<Partial<Record<string, T>>>, agents: Readonly<Partial<Record<string, T>>>) {
  const extras = Object.entries(agents).map(([name, value]) => [`RUNTIME_MONITORING/${name}`, value] as const);
  return Object.fromEntries([...Object.entries(plans), ...extras]) as Record<string, T>;
}

/** Protection plans of one cell. */
export function desiredPlans(desired: DesiredGuard, member: Omit<DesiredMember, 'email'>, region: string): Features {
  const rules = (desired.planRules ?? []).filter((rule) => matches(rule, member, region));
  return Object.assign({}, ...rules.map(({ plans }) => plans));
}

function matches(rule: PlanRule, { accountId, ou }: Omit<DesiredMember, 'email'>, region: string): boolean {
  return (
    (rule.accounts === undefined || rule.accounts.includes(accountId)) &&
    (rule.regions === undefined || rule.regions.includes(region)) &&
    (rule.ous === undefined || rule.ous.some((path) => isInUnit(ou, path)))
  );
}
