import type { Site } from '../common/store';
import { ensureDetector } from './detectors';
import { unprocessed } from './errors';
import { foundations } from './features';
import { autoEnableFeatures } from './organizationConfiguration';
import { type Detector, type GuardDutyState, type Member, newId, type RelationshipStatus } from './state';

/** Why an account of the organization cannot be a member of the administrator account at `site`. */
function obstacle(state: GuardDutyState, accountId: string, site: Site): string | undefined {
  const account = state.world.accounts.get(accountId);
  const { administrator } = state.regions.at({ accountId, region: site.region });
  if (!account) {
    return unprocessed.notMember;
  }
  if (account.status !== 'ACTIVE') {
    return unprocessed.notActive;
  }
  if (!account.enabledRegions.has(site.region)) {
    return unprocessed.regionOff;
  }
  const taken = administrator?.byOrganization && administrator.administratorId !== site.accountId;
  return taken ? unprocessed.memberOfAnother : undefined;
}

/** GuardDuty makes its role in every account that it is brought to, but in the management account only when asked there. */
function hasServiceRole(state: GuardDutyState, accountId: string): boolean {
  const { partition, organization, identity } = state.world;
  const role = `arn:${partition}:iam::${accountId}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`;
  return organization.current?.managementAccountId !== accountId || identity.current?.role(role) !== undefined;
}

/**
 * Makes an organization's account a member of the administrator account at `site`: at once, without an
 * invitation, with a detector if it has none. Answers the reason when it cannot be one.
 */
export function enrol(state: GuardDutyState, accountId: string, site: Site, isNew = false): string | undefined {
  const administrator = state.regions.at(site).detector;
  const reason = administrator ? obstacle(state, accountId, site) : unprocessed.notMember;
  if (!administrator || reason !== undefined) {
    return reason;
  }
  const region = state.regions.at({ accountId, region: site.region });
  if (!region.detector && !hasServiceRole(state, accountId)) {
    return unprocessed.managementFirst;
  }
  if (region.administrator && region.administrator.administratorId !== site.accountId) {
    leaveFormer(state, accountId, site.region);
  }
  const isFresh = region.detector === undefined;
  const detector = ensureDetector(state, { accountId, region: site.region });
  if (isFresh) {
    switchOffPlans(detector);
  }
  detector.frequency = administrator.frequency;
  autoEnableFeatures(administrator.organization, detector, isNew, state.now());
  associate(state, accountId, site, administrator);
  return undefined;
}

/** Notes the association on both sides. */
function associate(state: GuardDutyState, accountId: string, site: Site, administrator: Detector): void {
  const region = state.regions.at({ accountId, region: site.region });
  const now = state.now();
  region.administrator = {
    administratorId: site.accountId,
    invitationId: newId(),
    invitedAt: now,
    status: 'Enabled',
    byOrganization: true,
  };
  region.invitations.delete(site.accountId);
  administrator.members.set(accountId, {
    accountId,
    email: state.world.accounts.get(accountId)?.email ?? '',
    status: 'Enabled',
    byOrganization: true,
    invitedAt: administrator.members.get(accountId)?.invitedAt ?? now,
    updatedAt: now,
  });
}

/** A detector that the organization brings has the plans that its configuration gives, not the usual ones. */
export function switchOffPlans(detector: Detector): void {
  for (const [name, setting] of detector.features) {
    setting.status = foundations.includes(name) ? 'ENABLED' : 'DISABLED';
  }
}

/** The organization's administrator takes over a member of an administrator by invitation. */
function leaveFormer(state: GuardDutyState, accountId: string, region: string): void {
  const former = state.regions.at({ accountId, region }).administrator;
  if (former) {
    const site = { accountId: former.administratorId, region };
    const member = state.regions.at(site).detector?.members.get(accountId);
    if (member) {
      release(state, member, site, 'Resigned');
    }
  }
}

/** Ends an association, from either side: `Removed` by the administrator, `Resigned` by the member. */
export function release(
  state: GuardDutyState,
  member: Member,
  administrator: Site,
  how: Extract<RelationshipStatus, 'Removed' | 'Resigned'>,
): void {
  const region = state.regions.at({ accountId: member.accountId, region: administrator.region });
  const invitation = region.invitations.get(administrator.accountId);
  if (region.administrator?.administratorId === administrator.accountId) {
    region.administrator = undefined;
  }
  if (invitation && how === 'Resigned') {
    invitation.status = 'Resigned';
  } else {
    region.invitations.delete(administrator.accountId);
  }
  member.status = how;
  member.updatedAt = state.now();
}
