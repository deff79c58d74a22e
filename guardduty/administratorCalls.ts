import {
  EnableOrganizationAdminAccountCommand,
  GuardDutyClient,
  ListOrganizationAdminAccountsCommand,
  UpdateDetectorCommand,
  UpdateOrganizationConfigurationCommand,
} from '@aws-sdk/client-guardduty';
import { explain } from '../organization/failures';
import type { Session } from '../organization/sessions';
import type { Change, ChangeOf } from './change';
import { enableDetector, setFrequency } from './detectorCalls';
import { autoEnableRequest, featureRequests } from './features';
import { isManagedByPolicy } from './managed';
import {
  createMembers,
  deleteMembers,
  inviteMembers,
  setMemberPlans,
  startMonitoring,
  type Unprocessed,
} from './memberCalls';
import type { GuardSessions } from './observe';

/** Makes one change as the administrator, or as the management account where only that one may. */
export async function administratorChange(change: Change, sessions: GuardSessions): Promise<readonly Unprocessed[]> {
  const session = sessions.administrator;
  switch (change.kind) {
    case 'delete-members':
      return deleteMembers(session, change);
    case 'create-members':
      return createMembers(session, change);
    case 'invite-members':
      return inviteMembers(session, change);
    case 'start-monitoring':
      return startMonitoring(session, change);
    case 'set-member-plans':
      return setMemberPlans(session, change);
    case 'enable-detector':
      await enableDetector(session, change);
      return [];
    case 'set-frequency':
      await setFrequency(session, change);
      return [];
    case 'set-plans':
      await setPlans(session, change);
      return [];
    case 'set-auto-enable':
      await setAutoEnable(session, change);
      return [];
    case 'delegate-administrator':
      await delegateAdministrator(sessions.member(change.accountId), change);
      return [];
    case 'accept-invitation':
      return [];
    case 'set-filter':
    case 'delete-filter':
    case 'set-list':
    case 'delete-list':
    case 'set-destination':
    case 'delete-destination':
    case 'note-settings':
      // `settingsCalls` makes these.
      return [];
  }
}

async function setPlans(session: Session, { region, detectorId, plans }: ChangeOf<'set-plans'>): Promise<void> {
  const client = session.client(GuardDutyClient, region);
  for (const Features of featureRequests(plans)) {
    await explained(session, region, 'guardduty:UpdateDetector', () =>
      client.send(new UpdateDetectorCommand({ DetectorId: detectorId, Features })).catch((error: Error) => {
        // A policy came into force after the look: the next one reports what it holds.
        if (!isManagedByPolicy(error.message)) {
          throw error;
        }
      }),
    );
  }
}

async function setAutoEnable(session: Session, change: ChangeOf<'set-auto-enable'>): Promise<void> {
  const client = session.client(GuardDutyClient, change.region);
  await explained(session, change.region, 'guardduty:UpdateOrganizationConfiguration', () =>
    client.send(
      new UpdateOrganizationConfigurationCommand({
        DetectorId: change.detectorId,
        AutoEnableOrganizationMembers: change.to,
        ...(change.plans ? { Features: autoEnableRequest(change.plans, change.standing ?? {}) } : {}),
      }),
    ),
  );
}

/** Another run may have been there first: what counts is who the administrator is in the end. */
async function delegateAdministrator(session: Session, change: ChangeOf<'delegate-administrator'>): Promise<void> {
  const { administratorId, region } = change;
  const client = session.client(GuardDutyClient, region);
  await explained(session, region, 'guardduty:EnableOrganizationAdminAccount', async () => {
    try {
      await client.send(new EnableOrganizationAdminAccountCommand({ AdminAccountId: administratorId }));
    } catch (error) {
      const { AdminAccounts = [] } = await client.send(new ListOrganizationAdminAccountsCommand({}));
      if (!AdminAccounts.some(({ AdminAccountId }) => AdminAccountId === administratorId)) {
        throw error;
      }
    }
  });
}

async function explained(session: Session, region: string, operation: string, call: () => Promise<unknown>) {
  try {
    await call();
  } catch (error) {
    throw explain(error, { accountId: session.accountId, region, operation });
  }
}
