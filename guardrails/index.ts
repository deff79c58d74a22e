export { type AgainstOptions, runAgainst } from './against/read';
export type { AgainstReport, GuardrailReport, Stopped } from './against/tally';
export { catalog } from './catalog';
export type { Guardrail } from './guardrail';
export { applyChanges, changeText } from './organization/apply';
export { attachmentProblems, freePlaces, roomProblems } from './organization/check';
export { documentDiff } from './organization/diff';
export { hangingOn, observeOrganization } from './organization/observe';
export { inForceAt, planAttachment, planDetachment, policiesAt, wantedPolicies } from './organization/plan';
export { findTarget, readTree, type Tree } from './organization/targets';
export type { Change, ObservedOrganization, Target, WantedPolicy } from './organization/types';
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
export { casesOf, type SimulationCase } from './simulate/cases';
export { type SimulationResult, simulate, simulateHere } from './simulate/run';
export { type DeployedRole, rolesIn } from './simulate/template';
export type { Statement } from './statement';
