import { all, calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example, roleSession } from '../examples';
import { notByRollouts, rolloutRoles } from '../rollouts';

export const guarddutyMembershipChanged = defineDetection({
  id: 'guardduty-membership-changed',
  title: 'An account left GuardDuty’s administrator',
  severity: 'high',
  meaning:
    'The security account no longer sees this account’s findings: a member was removed, suspended, or went away by itself.',
  runbook: [
    'Ask who made the call. `garrison verify` shows the accounts that are not covered.',
    '`garrison apply` invites the account again.',
  ],
  references: { cis: [], attack: ['T1562.001'] },
  parameters: { operators: rolloutRoles },
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: ({ operators }) =>
    all(
      notByRollouts(operators),
      calls(
        'guardduty.amazonaws.com',
        'DisassociateFromAdministratorAccount',
        'DisassociateFromMasterAccount',
        'DisassociateMembers',
        'DeleteMembers',
        'StopMonitoringMembers',
        'DeleteInvitations',
        'DisableOrganizationAdminAccount',
        'UpdateOrganizationConfiguration',
      ),
    ),
  fields: ['requestParameters.accountIds', 'requestParameters.detectorId'],
  deduplicationKey: ['recipientAccountId', 'awsRegion', 'eventName'],
  firing: [
    example(
      'Members are disassociated',
      apiCall('guardduty.amazonaws.com', 'DisassociateMembers', {
        requestParameters: { accountIds: ['111122223333'] },
      }),
    ),
    example('A member leaves', apiCall('guardduty.amazonaws.com', 'DisassociateFromAdministratorAccount')),
  ],
  quiet: [
    example('Security Hub has a call of the same name', apiCall('securityhub.amazonaws.com', 'DeleteMembers')),
    example('Members are added', apiCall('guardduty.amazonaws.com', 'CreateMembers')),
    example('It was refused', apiCall('guardduty.amazonaws.com', 'DisassociateMembers', denied)),
    example(
      'A rollout',
      apiCall('guardduty.amazonaws.com', 'UpdateOrganizationConfiguration', {
        userIdentity: roleSession('GarrisonOperator', 'apply'),
      }),
    ),
  ],
});
