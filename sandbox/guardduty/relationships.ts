import type { Site } from '../common/store';
import { ensureDetector } from './detectors';
import { unprocessed } from './errors';
import { foundations } from './features';
import { autoEnableFeatures } from './organizationConfiguration';
import { type Detector, type GuardDutyState, type Member, newId, type RelationshipStatus } from './state';

/**
 * Makes an organization's account a member of the administrator account at `site`: at once, without an
 * invitation, with a detector if it has none. Answers the reason when it cannot be one.
 */
export function enrol(state: GuardDutyState, accountId: string, site: Site, isNew = false): string | undefined {
  const administrator = state.regions.at(site).detector;
  const account = state.world.accounts.get(accountId);
  const region = state.regions.at({ accountId, region: site.region });
  if (!administrator || !account) {
    return unprocessed.notMember;
  }
  if (region.administrator && region.administrator.administratorId !== site.accountId) {
    if (!region.administrator.byOrganization) {
      leaveFormer(state, accountId, site.region);
    } else {
      return unprocessed.memberOfAnother;
    }
  }
  const wasThere = region.detector !== undefined;
  const detector = ensureDetector(state, { accountId, region: site.region });
  const now = state.now();
  region.administrator = {
    administratorId: site.accountId,
    invitationId: newId(),
    invitedAt: now,
    status: 'Enabled',
    byOrganization: true,
  };
  region.invitations.delete(site.accountId);
  detector.frequency = administrator.frequency;
  if (!wasThere) {
    switchOffPlans(detector);
  }
  autoEnableFeatures(administrator.organization, detector, isNew, now);
  administrator.members.set(accountId, {
    accountId,
    email: account.email,
    status: 'Enabled',
    byOrganization: true,
    invitedAt: now,
    updatedAt: now,
  });
  return undefined;
}

/** A detector that the organization brings has the plans that its configuration gives, not the usual ones. */
function switchOffPlans(detector: Detector): void {
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
