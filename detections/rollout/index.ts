export { checkRolloutSettings } from './check';
export { regionsOf } from './regions';
export { detectionRules } from './rules';
export type { AlertRule, DetectionRules, ForwardingRule } from './types';
