import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const iamUserChanged = defineDetection({
  id: 'iam-user-changed',
  title: 'An IAM user was created or changed',
  severity: 'medium',
  meaning:
    'Users, their passwords and their groups. Where people come through Identity Center, none of this should happen.',
  runbook: ['Ask who made the call.', 'Delete the user or login profile if nobody stands by it.'],
  references: { cis: [], attack: ['T1136.003', 'T1098'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    calls(
      'iam.amazonaws.com',
      'CreateUser',
      'DeleteUser',
      'UpdateUser',
      'CreateLoginProfile',
      'UpdateLoginProfile',
      'DeleteLoginProfile',
      'AddUserToGroup',
      'RemoveUserFromGroup',
      'CreateSAMLProvider',
      'UpdateSAMLProvider',
      'CreateOpenIDConnectProvider',
    ),
  fields: ['requestParameters.userName', 'requestParameters.groupName'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.userName', 'eventName'],
  firing: [
    example(
      'A user is created',
      apiCall('iam.amazonaws.com', 'CreateUser', { requestParameters: { userName: 'mallory' } }),
    ),
    example('A password is set', apiCall('iam.amazonaws.com', 'CreateLoginProfile')),
  ],
  quiet: [
    example('It was refused', apiCall('iam.amazonaws.com', 'CreateUser', denied)),
    example('A user is looked at', apiCall('iam.amazonaws.com', 'GetUser', { readOnly: true })),
  ],
});
