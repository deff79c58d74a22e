import { defineGuardrail, everybodyBut } from '../guardrail';
import { deny } from '../statement';

/** What blinds, narrows, or takes an account away from its administrator. Source: GuardDuty API reference. */
const actions = [
  // The detector itself, its plans and what it publishes to.
  'DeleteDetector',
  'UpdateDetector',
  'UpdateMalwareScanSettings',
  'DeleteMalwareProtectionPlan',
  'UpdateMalwareProtectionPlan',
  'DeletePublishingDestination',
  'UpdatePublishingDestination',
  // Who watches whom.
  'DeclineInvitations',
  'DeleteInvitations',
  'DeleteMembers',
  'DisassociateFromAdministratorAccount',
  'DisassociateFromMasterAccount',
  'DisassociateMembers',
  'StopMonitoringMembers',
  'UpdateMemberDetectors',
  'UpdateOrganizationConfiguration',
  // What is not reported any more: suppression rules, trusted addresses, lists of threats.
  'ArchiveFindings',
  'CreateFilter',
  'UpdateFilter',
  'DeleteFilter',
  'CreateIPSet',
  'UpdateIPSet',
  'DeleteIPSet',
  'UpdateThreatIntelSet',
  'DeleteThreatIntelSet',
  'CreateTrustedEntitySet',
  'UpdateTrustedEntitySet',
  'DeleteTrustedEntitySet',
  'UpdateThreatEntitySet',
  'DeleteThreatEntitySet',
  'UpdateCustomDetectionRuleAssociation',
  'DeleteCustomDetectionRuleAssociation',
  'UpdateCustomDetectionRuleOrgConfiguration',
  'DeleteCustomDetectionRuleOrgConfiguration',
];

export const keepGuardduty = defineGuardrail({
  id: 'keep-guardduty',
  title: 'GuardDuty stays on',
  prevents:
    'Nobody but Garrison deletes or suspends a detector, leaves the administrator, lets members go, stops publishing, or hides findings by filters, trusted lists or archiving.',
  makesUnnecessary: {
    detections: ['guardduty-disabled', 'guardduty-findings-suppressed', 'guardduty-membership-changed'],
    responders: ['guard-switched-off'],
  },
  parameters: {},
  statements: (_, context) => {
    const { operator, member, execution, responder } = context.own;
    return [
      deny(
        'KeepGuardDuty',
        actions.map((action) => `guardduty:${action}`),
        { conditions: everybodyBut(context, [operator, member, execution, responder]) },
      ),
    ];
  },
  exceptions: [
    'Garrison’s operator, member, stack set and responder roles keep detectors, members and filters as garrison.yaml says.',
    'GuardDuty, Security Hub and Organizations act by service-linked roles, for which service control policies do not hold.',
    'Who archives findings by hand in the security account needs an exemption, or the guardrail not attached there.',
  ],
  gaps: [
    'The delegated administrator is chosen in the management account, where service control policies do not hold.',
  ],
});
