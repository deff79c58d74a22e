export { administratorPolicies } from './administrators';
export { checkRolloutSettings } from './check';
export { type LogFileSource, type OwnersPart, ownersPart } from './ownersPart';
export { regionsOf } from './regions';
export { detectionRules } from './rules';
export type { AlertRule, DetectionRules, ForwardingRule } from './types';
