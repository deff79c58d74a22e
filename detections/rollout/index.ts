export { checkRolloutSettings } from './check';
export { detectionRules } from './rules';
export type { AlertRule, DetectionRules, ForwardingRule } from './types';
