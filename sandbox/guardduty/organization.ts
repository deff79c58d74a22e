import {
  AutoEnableMembers,
  type DescribeOrganizationConfigurationRequest,
  type DisableOrganizationAdminAccountRequest,
  type EnableOrganizationAdminAccountRequest,
  type GetOrganizationStatisticsResponse,
  type ListOrganizationAdminAccountsRequest,
  type OrganizationFeatureStatistics,
  type UpdateOrganizationConfigurationRequest,
} from '@aws-sdk/client-guardduty';
import type { Site } from '../common/store';
import type { OrganizationView } from '../core/organization';
import type { CallContext, Handler } from '../core/service';
import type { SandboxAccount } from '../core/world';
import { ensureDetector } from './detectors';
import { badRequest, invalidInput, noOrganizationPermission, notMaster } from './errors';
import { accountId, oneOf, page } from './input';
import { applyRules, autoEnableFeatures, describeConfiguration, describeRules } from './organizationConfiguration';
import { featuresIn } from './plans';
import { enrol, release } from './relationships';
import type { Detector, GuardDutyState } from './state';

const principal = 'guardduty.amazonaws.com';
const memberLimit = 50_000;

function asManagement(state: GuardDutyState, context: CallContext): OrganizationView {
  const organization = state.world.organization.current;
  if (organization?.managementAccountId !== context.accountId) {
    throw notMaster();
  }
  return organization;
}

/** The caller's detector, when the caller is the organization's administrator account here. */
function asAdministrator(state: GuardDutyState, detectorId: string | undefined, context: CallContext): Detector {
  const detector = state.detector(detectorId, context);
  if (!state.administersOrganization(context)) {
    throw noOrganizationPermission();
  }
  return detector;
}

/** What GuardDuty reads of the organization, as the caller. Source: GuardDuty user guide, "Permissions required to designate …". */
const reads = [
  'DescribeOrganization',
  'DescribeOrganizationalUnit',
  'DescribeAccount',
  'ListAccounts',
  'ListAWSServiceAccessForOrganization',
  'ListDelegatedAdministrators',
];

/** Trusted access and the delegation itself are Organizations' to keep: asked for as the caller. */
async function delegate(state: GuardDutyState, admin: string, organization: OrganizationView, context: CallContext) {
  const as = { caller: context.caller, region: context.region };
  for (const operation of reads) {
    await state.world.ask('organizations', operation, {}, as);
  }
  if (!organization.trusts(principal)) {
    await state.world.call('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: principal }, as);
  }
  if (admin !== organization.managementAccountId && !organization.delegatedAdministrators(principal).includes(admin)) {
    const request = { AccountId: admin, ServicePrincipal: principal };
    await state.world.call('organizations', 'RegisterDelegatedAdministrator', request, as);
  }
}

function enableAdmin(state: GuardDutyState): Handler {
  return async (input: EnableOrganizationAdminAccountRequest, context) => {
    const organization = asManagement(state, context);
    const admin = accountId(input.AdminAccountId);
    if (!organization.has(admin)) {
      throw badRequest('The request failed because admin account passed is not member of AWS Organizations.');
    }
    const others = organization.delegatedAdministrators(principal).filter((id) => id !== admin);
    const standing = state.organizationAdmin(context.region);
    if (standing === admin) {
      throw badRequest(
        'The request failed because the account is already enabled as the GuardDuty delegated administrator for the organization.',
      );
    }
    if (standing !== undefined || others.length > 0) {
      throw badRequest(
        'The request failed because another account is already enabled as GuardDuty delegated administrator for the organization.',
      );
    }
    await delegate(state, admin, organization, context);
    const site = { accountId: admin, region: context.region };
    leaveAdministrator(state, site);
    ensureDetector(state, site);
    state.organizationAdmins.set(context.region, admin);
    convertMembers(state, site, organization);
    return {};
  };
}

/** An administrator account is nobody's member. */
function leaveAdministrator(state: GuardDutyState, site: Site): void {
  const former = state.regions.at(site).administrator;
  if (former) {
    const host = { accountId: former.administratorId, region: site.region };
    const member = state.regions.at(host).detector?.members.get(site.accountId);
    if (member) {
      release(state, member, host, 'Resigned');
    }
  }
}

/** Members by invitation that are accounts of the organization become members through it, as they are. */
function convertMembers(state: GuardDutyState, site: Site, organization: OrganizationView): void {
  for (const member of state.regions.at(site).detector?.members.values() ?? []) {
    const region = state.regions.at({ accountId: member.accountId, region: site.region });
    if (region.administrator?.administratorId === site.accountId && organization.has(member.accountId)) {
      region.administrator = { ...region.administrator, byOrganization: true };
      member.byOrganization = true;
    }
  }
}

function disableAdmin(state: GuardDutyState): Handler {
  return (input: DisableOrganizationAdminAccountRequest, context) => {
    asManagement(state, context);
    const admin = accountId(input.AdminAccountId);
    if (state.organizationAdmins.get(context.region) !== admin) {
      throw badRequest(
        'The request failed because the delegated administrator account has already been disabled and/or GuardDuty protection has been disabled.',
      );
    }
    const site = { accountId: admin, region: context.region };
    const members = state.regions.at(site).detector?.members;
    for (const member of [...(members?.values() ?? [])].filter((known) => known.byOrganization)) {
      release(state, member, site, 'Removed');
      members?.delete(member.accountId);
    }
    state.organizationAdmins.delete(context.region);
    return {};
  };
}

/** Enrols what auto-enable asks for, in the background as the service does. */
function autoEnable(state: GuardDutyState, site: Site, only?: SandboxAccount): void {
  const detector = state.regions.at(site).detector;
  const wanted = detector?.organization.autoEnable;
  if (!detector || (wanted !== 'ALL' && !(wanted === 'NEW' && only))) {
    return;
  }
  const ids = only ? [only.id] : (state.world.organization.current?.accountIds() ?? []);
  for (const id of ids.filter((candidate) => candidate !== site.accountId)) {
    const account = state.world.accounts.get(id);
    if (account?.status === 'ACTIVE' && account.enabledRegions.has(site.region)) {
      enrol(state, id, site, only !== undefined);
    }
  }
}

function updateConfiguration(state: GuardDutyState): Handler {
  return (input: UpdateOrganizationConfigurationRequest, context) => {
    const detector = asAdministrator(state, input.DetectorId, context);
    const members = oneOf(input.AutoEnableOrganizationMembers, AutoEnableMembers);
    if ((members === undefined) === (input.AutoEnable === undefined)) {
      throw invalidInput();
    }
    applyRules(detector.organization, input, context.region);
    detector.organization.autoEnable = members ?? (input.AutoEnable ? 'NEW' : 'NONE');
    const site = { accountId: context.accountId, region: context.region };
    state.world.later(0, () => {
      autoEnable(state, site);
      enableForAll(state, detector, site);
    });
    return {};
  };
}

/** Plans set to ALL reach the members there are, too, and the administrator account itself. */
function enableForAll(state: GuardDutyState, administrator: Detector, site: Site): void {
  const members = [...administrator.members.values()].filter((member) => member.byOrganization);
  for (const id of [site.accountId, ...members.map((member) => member.accountId)]) {
    const detector = state.regions.at({ accountId: id, region: site.region }).detector;
    if (detector) {
      autoEnableFeatures(administrator.organization, detector, false, state.now());
    }
  }
}

function statistics(state: GuardDutyState): Handler {
  return (_input: unknown, context): GetOrganizationStatisticsResponse => {
    const { detector } = state.regions.at(context);
    if (!detector || !state.administersOrganization(context)) {
      throw noOrganizationPermission();
    }
    const members = [...detector.members.values()].filter((member) => member.byOrganization);
    const active = members.filter((member) => member.status === 'Enabled');
    const own = [detector, ...active.flatMap((member) => state.at(member.accountId, context).detector ?? [])];
    const counts = featuresIn(context.region)
      .filter((feature) => !feature.foundational && !feature.quiet)
      .map((feature) => ({
        Name: feature.name,
        EnabledAccountsCount: own.filter((each) => each.features.get(feature.name)?.status === 'ENABLED').length,
        AdditionalConfiguration: feature.additional.map((name) => ({
          Name: name,
          EnabledAccountsCount: own.filter(
            (each) => each.features.get(feature.name)?.additional.get(name)?.status === 'ENABLED',
          ).length,
        })),
      }));
    return {
      OrganizationDetails: {
        UpdatedAt: state.now(),
        OrganizationStatistics: {
          TotalAccountsCount: state.world.organization.current?.accountIds().length,
          MemberAccountsCount: members.length,
          ActiveAccountsCount: active.length,
          EnabledAccountsCount: own.filter((each) => each.enabled).length,
          CountByFeature: counts as OrganizationFeatureStatistics[],
        },
      },
    };
  };
}

/** Follows accounts that join, leave or close. */
export function followOrganization(state: GuardDutyState): void {
  const { organization } = state.world;
  organization.onAccountJoined((account) => {
    for (const [region, admin] of state.organizationAdmins) {
      autoEnable(state, { accountId: admin, region }, account);
    }
  });
  const leave = (account: SandboxAccount) => {
    for (const [region, admin] of state.organizationAdmins) {
      const site = { accountId: admin, region };
      const members = state.regions.at(site).detector?.members;
      const member = members?.get(account.id);
      if (member?.byOrganization) {
        release(state, member, site, 'Removed');
        members?.delete(account.id);
      }
    }
  };
  organization.onAccountLeft(leave);
  organization.onAccountClosed(leave);
}

/** The organization's administrator account, and how members are set up. */
export function organizationOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    EnableOrganizationAdminAccount: enableAdmin(state),
    DisableOrganizationAdminAccount: disableAdmin(state),
    ListOrganizationAdminAccounts: (input: ListOrganizationAdminAccountsRequest, context) => {
      asManagement(state, context);
      const admin = state.organizationAdmin(context.region);
      const found = page(admin ? [{ AdminAccountId: admin, AdminStatus: 'ENABLED' }] : [], input);
      return { AdminAccounts: found.items, NextToken: found.nextToken };
    },
    DescribeOrganizationConfiguration: (input: DescribeOrganizationConfigurationRequest, context) => {
      const detector = asAdministrator(state, input.DetectorId, context);
      const found = page(describeRules(detector.organization, context.region), input);
      return {
        ...describeConfiguration(detector.organization),
        MemberAccountLimitReached: detector.members.size >= memberLimit,
        Features: found.items,
        NextToken: found.nextToken,
      };
    },
    UpdateOrganizationConfiguration: updateConfiguration(state),
    GetOrganizationStatistics: statistics(state),
  };
}
