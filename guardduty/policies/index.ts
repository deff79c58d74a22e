export { applyPolicies } from './apply';
export { desiredPolicies, isHeldByOurPolicy } from './desired';
export { planPolicies } from './plan';
export { readPolicies } from './read';
export type { DesiredPolicy, PolicyChange, PolicyOutcome, PolicyPlan, PolicyProblem } from './types';
