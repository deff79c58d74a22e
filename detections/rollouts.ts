import { type Condition, differs } from './condition';

/** Parameter of detections that Garrison's own rollouts would set off; a rollout sets it to the roles in use. */
export const rolloutRoles = {
  meaning: 'roles whose changes are rollouts',
  default: [
    'GarrisonOperator',
    'AWSCloudFormationStackSetExecutionRole',
    'AWSCloudFormationStackSetAdministrationRole',
  ] as readonly string[],
};

/** Nobody of these roles made the call. */
export function notByRollouts(operators: readonly string[]): Condition {
  return differs('userIdentity.sessionContext.sessionIssuer.userName', ...operators);
}
