import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const serviceControlPolicyChanged = defineDetection({
  id: 'service-control-policy-changed',
  title: 'A service control policy was changed',
  severity: 'high',
  meaning: 'What whole accounts may do at most is different now: a guard rail was written anew, moved or taken away.',
  runbook: [
    'Read the policy and where it is attached.',
    'Set it back if nobody stands by it, and look at what was done meanwhile.',
  ],
  references: { cis: [], attack: ['T1562', 'T1484'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    calls(
      'organizations.amazonaws.com',
      'CreatePolicy',
      'UpdatePolicy',
      'DeletePolicy',
      'AttachPolicy',
      'DetachPolicy',
      'EnablePolicyType',
      'DisablePolicyType',
    ),
  fields: ['requestParameters.policyId', 'requestParameters.targetId', 'requestParameters.name'],
  deduplicationKey: ['recipientAccountId', 'eventName', 'requestParameters.policyId'],
  firing: [
    example(
      'A policy is detached',
      apiCall('organizations.amazonaws.com', 'DetachPolicy', {
        requestParameters: { policyId: 'p-examplepolicyid1', targetId: 'ou-abcd-11111111' },
      }),
    ),
  ],
  quiet: [
    example('It was refused', apiCall('organizations.amazonaws.com', 'DetachPolicy', denied)),
    example('Policies are listed', apiCall('organizations.amazonaws.com', 'ListPolicies', { readOnly: true })),
  ],
});
