import { any, calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const billingOrSupportChanged = defineDetection({
  id: 'billing-or-support-changed',
  title: 'Billing, contacts or the support plan were changed',
  severity: 'medium',
  meaning:
    'Who pays, who AWS writes to, and who may open support cases. An attacker changes the contacts first, so that warnings reach nobody.',
  runbook: [
    'Compare contacts and payment methods with what you know.',
    'Change them back, and open a case with AWS from another account.',
  ],
  references: { cis: [], attack: ['T1098'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    any(
      calls('supportplans.amazonaws.com', 'CreateSupportPlanSchedule'),
      calls(
        'account.amazonaws.com',
        'PutContactInformation',
        'PutAlternateContact',
        'DeleteAlternateContact',
        'StartPrimaryEmailUpdate',
        'AcceptPrimaryEmailUpdate',
        'DisableRegion',
      ),
      calls(
        'billingconsole.amazonaws.com',
        'UpdatePaymentMethod',
        'ModifyPaymentMethod',
        'ChangePaymentMethod',
        'SetAccountPreferences',
        'SetContactAddress',
        'SetAdditionalContacts',
        'PutAccountPreferences',
      ),
      calls('payments.amazonaws.com', 'UpdatePaymentPreferences', 'CreatePaymentInstrument', 'DeletePaymentInstrument'),
    ),
  fields: ['requestParameters.alternateContactType', 'requestParameters.regionName'],
  deduplicationKey: ['recipientAccountId', 'eventName'],
  firing: [
    example(
      'A contact is removed',
      apiCall('account.amazonaws.com', 'DeleteAlternateContact', {
        requestParameters: { alternateContactType: 'SECURITY' },
      }),
    ),
    example('The support plan changes', apiCall('supportplans.amazonaws.com', 'CreateSupportPlanSchedule')),
  ],
  quiet: [
    example('Contacts are read', apiCall('account.amazonaws.com', 'GetAlternateContact', { readOnly: true })),
    example('It was refused', apiCall('account.amazonaws.com', 'DeleteAlternateContact', denied)),
  ],
});
