import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const accountLeft = defineDetection({
  id: 'account-left',
  title: 'An account leaves the organization, or joins it',
  severity: 'critical',
  meaning:
    'An account outside the organization is free of its policies, and nobody there pays, watches or guards it any more.',
  runbook: [
    'Ask the owners of the organization at once.',
    'A service control policy can forbid LeaveOrganization: put one in place.',
  ],
  references: { cis: [], attack: ['T1562', 'T1666'] },
  parameters: {},
  outcome: 'any',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    calls(
      'organizations.amazonaws.com',
      'LeaveOrganization',
      'RemoveAccountFromOrganization',
      'CloseAccount',
      'InviteAccountToOrganization',
      'DeleteOrganization',
    ),
  fields: ['requestParameters.accountId', 'errorCode'],
  deduplicationKey: ['recipientAccountId', 'eventName', 'requestParameters.accountId'],
  firing: [
    example('An account leaves', apiCall('organizations.amazonaws.com', 'LeaveOrganization')),
    example('It was tried in vain', apiCall('organizations.amazonaws.com', 'LeaveOrganization', denied)),
  ],
  quiet: [example('Accounts are listed', apiCall('organizations.amazonaws.com', 'ListAccounts', { readOnly: true }))],
});
