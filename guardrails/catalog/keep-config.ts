import { defineGuardrail, everybodyBut } from '../guardrail';
import { deny } from '../statement';

/** What stops AWS Config from recording, delivering, evaluating or being read centrally. Source: AWS Config API reference. */
const actions = [
  'DeleteAggregationAuthorization',
  'DeleteConfigRule',
  'DeleteConfigurationAggregator',
  'DeleteConfigurationRecorder',
  'DeleteConformancePack',
  'DeleteDeliveryChannel',
  'DeleteEvaluationResults',
  'DeleteOrganizationConfigRule',
  'DeleteOrganizationConformancePack',
  'DeleteRemediationConfiguration',
  'DeleteRetentionConfiguration',
  'DeleteServiceLinkedConfigurationRecorder',
  'DisassociateResourceTypes',
  'PutConfigurationRecorder',
  'PutDeliveryChannel',
  'PutRetentionConfiguration',
  'StopConfigurationRecorder',
];

export const keepConfig = defineGuardrail({
  id: 'keep-config',
  title: 'AWS Config keeps recording',
  prevents: 'Nobody stops or narrows the configuration recorder, its delivery, or the rules that evaluate it.',
  makesUnnecessary: { detections: ['config-stopped'], responders: [] },
  parameters: {},
  statements: (_, context) => [
    deny(
      'KeepConfig',
      actions.map((action) => `config:${action}`),
      { conditions: everybodyBut(context) },
    ),
  ],
  exceptions: [
    'Security Hub, Firewall Manager and Control Tower’s service-linked rules are kept by service-linked roles, for which service control policies do not hold.',
    'What sets AWS Config up (AWSControlTowerExecution, a pipeline’s role) belongs in guardrails.exemptions: Garrison does not.',
  ],
  gaps: ['Rules of one’s own can still be changed (PutConfigRule): that is daily work.'],
});
