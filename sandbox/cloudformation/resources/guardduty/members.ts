import { ServiceError } from '../../../core/errors';
import type { ValueMap } from '../../template/model';
import type { ResourceContext, ResourceProvider } from '../provider';
import { text } from '../values';
import { ifOwned } from './detector';
import { detectorOf } from './sets';

interface Unprocessed {
  UnprocessedAccounts?: { AccountId: string; Result: string }[];
}

/** GuardDuty answers success and tells of failures per account. @throws ServiceError `BadRequestException` */
async function forMember(context: ResourceContext, operation: string, input: ValueMap): Promise<void> {
  const { UnprocessedAccounts = [] } = await context.call<Unprocessed>('guardduty', operation, input);
  const [first] = UnprocessedAccounts;
  if (first) {
    throw new ServiceError('BadRequestException', first.Result, 400);
  }
}

async function invite(context: ResourceContext, DetectorId: string, properties: ValueMap): Promise<void> {
  if (properties.Status === undefined || properties.Status === 'Created') {
    return;
  }
  await forMember(context, 'InviteMembers', {
    DetectorId,
    AccountIds: [properties.MemberId ?? null],
    DisableEmailNotification: properties.DisableEmailNotification ?? false,
    ...(properties.Message === undefined ? {} : { Message: properties.Message }),
  });
}

/** AWS::GuardDuty::Member */
export const member: ResourceProvider = {
  async create(context, properties) {
    const DetectorId = await detectorOf(context, properties);
    const AccountDetails = [{ AccountId: properties.MemberId ?? null, Email: properties.Email ?? null }];
    await forMember(context, 'CreateMembers', { DetectorId, AccountDetails });
    await invite(context, DetectorId, properties);
    return { physicalId: String(properties.MemberId) };
  },
  async update(context, _physicalId, after, before) {
    if (after.Status !== before.Status) {
      await invite(context, await detectorOf(context, after), after);
    }
    return undefined;
  },
  delete: (context, physicalId, properties) =>
    ifOwned(async () => {
      const DetectorId = await detectorOf(context, properties);
      await context.call('guardduty', 'DisassociateMembers', { DetectorId, AccountIds: [physicalId] });
      await context.call('guardduty', 'DeleteMembers', { DetectorId, AccountIds: [physicalId] });
    }),
};

interface Invitations {
  Invitations?: { AccountId: string; InvitationId: string }[];
}

async function invitationFrom(context: ResourceContext, administrator: string): Promise<string> {
  const { Invitations = [] } = await context.call<Invitations>('guardduty', 'ListInvitations', {});
  const found = Invitations.find((each) => each.AccountId === administrator);
  if (!found) {
    throw new ServiceError('NotFoundException', `There is no invitation from account ${administrator}.`, 404);
  }
  return found.InvitationId;
}

/** AWS::GuardDuty::Master: accepts an administrator account's invitation. */
export const master: ResourceProvider = {
  async create(context, properties) {
    const AdministratorId = String(properties.MasterId);
    const InvitationId = text(properties.InvitationId) ?? (await invitationFrom(context, AdministratorId));
    const { DetectorId } = properties;
    await context.call('guardduty', 'AcceptAdministratorInvitation', { DetectorId, AdministratorId, InvitationId });
    return { physicalId: AdministratorId };
  },
  delete: (context, _physicalId, { DetectorId }) =>
    ifOwned(() => context.call('guardduty', 'DisassociateFromAdministratorAccount', { DetectorId })),
};
