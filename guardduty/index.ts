export { type ApplyOutcome, apply } from './apply';
export type { AutoEnable, Change } from './change';
export { type CellCoverage, coverage } from './coverage';
export { type DesiredGuard, desiredGuard, type PlanRule, type Route } from './desired';
export { type Candidate, cellsWithDetector } from './existing';
export type { Features } from './features';
export { type FindingFilter, type Findings, type ListedFinding, listFindings } from './findings';
export { type GuardSessions, observe } from './observe';
export { cellKey, type ObservedGuard } from './observed';
export { type Blocked, type GuardPlan, plan } from './plan';
export type { PlanNote } from './plansPlan';
export {
  applyPolicies,
  type DesiredPolicy,
  desiredPolicies,
  isHeldByOurPolicy,
  type PolicyChange,
  type PolicyOutcome,
  type PolicyPlan,
  planPolicies,
  readPolicies,
} from './policies';
export { restrictedTo } from './restricted';
export type { RouteInForce } from './routes';
export { desiredSettings } from './settingsDesired';
