export { catalog } from './catalog';
export type { Guardrail } from './guardrail';
export {
  allowStatement,
  managedPolicyLimits,
  type PackedPolicy,
  packPolicies,
  policyNamePrefix,
  serviceControlLimits,
  statementText,
} from './pack';
export { type ConfiguredGuardrail, configuredGuardrails, guardrailProblems } from './settings';
export type { Statement } from './statement';
