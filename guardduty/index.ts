export { type ApplyOutcome, apply } from './apply';
export { type CellCoverage, coverage } from './coverage';
export { type DesiredGuard, desiredGuard } from './desired';
export { cellsWithDetector } from './existing';
export { type GuardSessions, observe } from './observe';
export { cellKey, type ObservedGuard } from './observed';
export { type Blocked, type Change, type GuardPlan, plan } from './plan';
