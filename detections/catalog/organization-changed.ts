import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';
import { cisMonitoring } from '../references';

/** The benchmark's list. */
const ofBenchmark = [
  'AcceptHandshake',
  'AttachPolicy',
  'CreateAccount',
  'CreateOrganizationalUnit',
  'CreatePolicy',
  'DeclineHandshake',
  'DeleteOrganization',
  'DeleteOrganizationalUnit',
  'DeletePolicy',
  'DetachPolicy',
  'DisablePolicyType',
  'EnablePolicyType',
  'InviteAccountToOrganization',
  'LeaveOrganization',
  'MoveAccount',
  'RemoveAccountFromOrganization',
  'UpdatePolicy',
  'UpdateOrganizationalUnit',
] as const;
/** Prowler's check asks for these as well. */
const all = [...ofBenchmark, 'CancelHandshake', 'CreateOrganization', 'EnableAllFeatures'] as const;

const exactly = (names: readonly string[]) =>
  `{ ($.eventSource = organizations.amazonaws.com) && (${names.map((name) => `($.eventName = ${name})`).join(' || ')}) }`;

export const organizationChanged = defineDetection({
  id: 'organization-changed',
  title: 'The organization was changed',
  severity: 'medium',
  meaning: 'Accounts, organizational units, handshakes or policies of the organization are different now.',
  runbook: ['Ask the owners of the organization.', 'Set the change back if nobody stands by it.'],
  references: { cis: cisMonitoring(15), attack: ['T1666'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () => calls('organizations.amazonaws.com', ...all),
  exact: [
    { control: 'CIS 4.15', pattern: exactly(ofBenchmark) },
    { control: 'CIS 4.15 for Prowler', pattern: exactly(all) },
  ],
  fields: [
    'requestParameters.accountId',
    'requestParameters.name',
    'requestParameters.policyId',
    'requestParameters.targetId',
  ],
  deduplicationKey: ['recipientAccountId', 'eventName'],
  firing: [
    example(
      'An account moves',
      apiCall('organizations.amazonaws.com', 'MoveAccount', { requestParameters: { accountId: '444455556666' } }),
    ),
  ],
  quiet: [example('It was refused', apiCall('organizations.amazonaws.com', 'MoveAccount', denied))],
});
