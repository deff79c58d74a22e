import { all, any, is } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example, roleSession } from '../examples';
import { notByRollouts, rolloutRoles } from '../rollouts';

export const guarddutyFindingsSuppressed = defineDetection({
  id: 'guardduty-findings-suppressed',
  title: 'GuardDuty was told to keep quiet',
  severity: 'high',
  meaning:
    'A suppression filter archives findings before anybody sees them; a list of trusted addresses does as much for what comes from there.',
  runbook: [
    'Read the filter or the list: which findings does it hide, and since when?',
    'Delete it if nobody stands by it, and look at the findings archived meanwhile.',
  ],
  references: { cis: [], attack: ['T1562.001'] },
  parameters: { operators: rolloutRoles },
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: ({ operators }) =>
    all(
      notByRollouts(operators),
      is('eventSource', 'guardduty.amazonaws.com'),
      any(
        is(
          'eventName',
          'CreateIPSet',
          'UpdateIPSet',
          'DeleteThreatIntelSet',
          'UpdateThreatIntelSet',
          'CreateTrustedEntitySet',
          'UpdateTrustedEntitySet',
        ),
        all(is('eventName', 'CreateFilter', 'UpdateFilter'), is('requestParameters.action', 'ARCHIVE')),
      ),
    ),
  fields: ['requestParameters.name', 'requestParameters.filterName', 'requestParameters.detectorId'],
  deduplicationKey: ['recipientAccountId', 'awsRegion', 'eventName', 'requestParameters.name'],
  firing: [
    example(
      'A filter that archives',
      apiCall('guardduty.amazonaws.com', 'CreateFilter', { requestParameters: { name: 'quiet', action: 'ARCHIVE' } }),
    ),
    example('A list of trusted addresses', apiCall('guardduty.amazonaws.com', 'CreateIPSet')),
  ],
  quiet: [
    example(
      'A filter that only sorts',
      apiCall('guardduty.amazonaws.com', 'CreateFilter', { requestParameters: { name: 'view', action: 'NOOP' } }),
    ),
    example('It was refused', apiCall('guardduty.amazonaws.com', 'CreateIPSet', denied)),
    example(
      'A rollout',
      apiCall('guardduty.amazonaws.com', 'CreateIPSet', { userIdentity: roleSession('GarrisonOperator', 'apply') }),
    ),
  ],
});
