import { defineGuardrail, everybodyBut } from '../guardrail';
import { deny } from '../statement';

export const leaveOrganization = defineGuardrail({
  id: 'leave-organization',
  title: 'No account leaves the organization',
  prevents:
    'An account that leaves, or that moves to another organization by accepting its invitation, takes off every guardrail and every delegated guard at once. So does closing the account.',
  makesUnnecessary: { detections: ['account-left'], responders: [] },
  parameters: {},
  statements: (_, context) => [
    deny(
      'LeaveOrganization',
      // An account may move straight from one organization to another by accepting its invitation.
      ['organizations:LeaveOrganization', 'organizations:AcceptHandshake', 'account:CloseAccount'],
      { conditions: everybodyBut(context) },
    ),
  ],
  exceptions: [
    'The management account removes and closes accounts as before: service control policies do not hold for it.',
    'An account that is not yet in the organization can accept the invitation: the policy holds once it has joined.',
  ],
  gaps: ['AWS may suspend or close an account by itself.'],
});
