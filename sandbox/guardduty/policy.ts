import type { Site } from '../common/store';
import type { SandboxAccount } from '../core/world';
import { ensureDetector } from './detectors';
import { foundations, type Setting } from './features';
import { enrol, switchOffPlans } from './relationships';
import type { Detector, GuardDutyState } from './state';

interface Feature {
  readonly status?: string;
  readonly additional_configuration?: Readonly<Record<string, Feature>>;
}

/** What an effective policy says for one region: features by their names in policies. */
type Block = Readonly<Record<string, Feature>>;

interface EffectivePolicy {
  readonly guardduty?: { readonly enablement?: Readonly<Record<string, Block>> };
}

/** On AWS minutes; here long enough to be seen. */
const propagationMilliseconds = 20;

/** Follows the organization's GuardDuty policies: what they say is set, and is read-only from then on. */
export function followPolicies(state: GuardDutyState): void {
  let inForce = false;
  let waiting = false;
  const follow = () => {
    if (!waiting) {
      waiting = true;
      state.world.later(propagationMilliseconds, () => {
        waiting = false;
        inForce = applyPolicies(state, inForce);
      });
    }
  };
  state.world.organization.onPoliciesChanged(follow);
  // Policies may be older than the first call to GuardDuty.
  follow();
}

/** Sets every account as its effective policy says. Answers whether any policy is in force. */
function applyPolicies(state: GuardDutyState, wereInForce: boolean): boolean {
  const view = state.world.organization.current;
  const policies = new Map(view?.accountIds().map((id) => [id, view.effectivePolicy('GUARDDUTY_POLICY', id)]));
  const inForce = [...policies.values()].some((policy) => policy !== undefined);
  if (!inForce && !wereInForce) {
    return false;
  }
  for (const [accountId, content] of policies) {
    const account = state.world.accounts.get(accountId);
    const policy = JSON.parse(content ?? '{}') as EffectivePolicy;
    for (const region of account?.status === 'ACTIVE' ? account.enabledRegions : []) {
      const enablement = policy.guardduty?.enablement;
      applyBlock(state, account as SandboxAccount, region, enablement?.[region] ?? enablement?.default);
    }
  }
  return inForce;
}

function applyBlock(state: GuardDutyState, account: SandboxAccount, region: string, block: Block | undefined): void {
  const site = { accountId: account.id, region };
  if (block?.foundational?.status === 'enabled') {
    enable(state, site);
  }
  const { detector } = state.regions.at(site);
  if (detector) {
    if (block?.foundational?.status === 'disabled') {
      detector.enabled = false;
    }
    manage(detector, block ?? {}, state.now());
  }
}

/** In the management account only where GuardDuty has been before: the service may not make its role there. */
function enable(state: GuardDutyState, site: Site): void {
  const organization = state.world.organization.current;
  const isFresh = state.regions.at(site).detector === undefined;
  if (site.accountId === organization?.managementAccountId && isFresh) {
    return;
  }
  const detector = ensureDetector(state, site);
  if (isFresh) {
    switchOffPlans(detector);
  }
  const admin = state.organizationAdmin(site.region);
  if (admin && admin !== site.accountId) {
    enrol(state, site.accountId, { accountId: admin, region: site.region });
  }
}

/** Sets what the block names and holds it; lets go of what it does not name. */
function manage(detector: Detector, block: Block, now: Date): void {
  for (const [name, setting] of detector.features) {
    const feature = block[foundations.includes(name) ? 'foundational' : name.toLowerCase()];
    hold(setting, feature, now);
    for (const [extra, value] of setting.additional) {
      hold(value, feature?.additional_configuration?.[extra.toLowerCase()], now);
    }
    if (foundations.includes(name)) {
      setting.status = 'ENABLED';
    }
  }
}

function hold(setting: Setting, feature: Feature | undefined, now: Date): void {
  setting.managedBy = feature ? 'GUARDDUTY_POLICY' : undefined;
  const status = feature?.status === 'enabled' ? 'ENABLED' : 'DISABLED';
  if (feature && setting.status !== status) {
    setting.status = status;
    setting.updatedAt = now;
  }
}
