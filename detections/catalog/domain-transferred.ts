import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const domainTransferred = defineDetection({
  id: 'domain-transferred',
  title: 'A domain was transferred or unlocked',
  severity: 'critical',
  meaning: 'Whoever holds the domain receives its mail and serves its pages.',
  runbook: [
    'Cancel the transfer with Route 53 at once, and lock the domain.',
    'Look at who made the call, and at the account’s e-mail address.',
  ],
  references: { cis: [], attack: ['T1584.001'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    calls(
      'route53domains.amazonaws.com',
      'TransferDomainToAnotherAwsAccount',
      'TransferDomain',
      'DisableDomainTransferLock',
      'RetrieveDomainAuthCode',
      'AcceptDomainTransferFromAnotherAwsAccount',
      'DeleteDomain',
    ),
  fields: ['requestParameters.domainName', 'requestParameters.accountId'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.domainName'],
  firing: [
    example(
      'A domain goes to another account',
      apiCall('route53domains.amazonaws.com', 'TransferDomainToAnotherAwsAccount', {
        requestParameters: { domainName: 'example.com', accountId: '444455556666' },
      }),
    ),
  ],
  quiet: [
    example('It was refused', apiCall('route53domains.amazonaws.com', 'TransferDomainToAnotherAwsAccount', denied)),
    example('Domains are listed', apiCall('route53domains.amazonaws.com', 'ListDomains', { readOnly: true })),
  ],
});
