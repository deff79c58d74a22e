export { type AssemblyStack, type FileAsset, readAssembly, stackOf, type Template } from './assembly';
export { type PublishedAsset, publishAssets } from './assets';
export { checkInstances, checkTemplates } from './limits';
export { remedyFor } from './remedies';
export { applyInstances } from './stackSets/apply';
export { type DriftedResource, type DriftReport, detectDrift } from './stackSets/drift';
export { observeStackSet } from './stackSets/observe';
export type { StackSetHandle } from './stackSets/operations';
export { planInstances } from './stackSets/plan';
export { planStackSet, type Reconciliation, reconcileStackSet } from './stackSets/reconcile';
export type {
  BlockedCell,
  CellAction,
  CellOutcome,
  CellPlan,
  DesiredInstances,
  ObservedInstance,
  ObservedStackSet,
  OperationPlan,
  OperationPreferences,
  StackSetPlan,
} from './stackSets/types';
export { deleteStack, deployStack } from './stacks/deploy';
export { observeStack } from './stacks/observe';
export { planStack } from './stacks/plan';
export { type AccountResult, deployToAccounts, planForAccounts, type Rollout } from './stacks/rollout';
export type { ObservedStack, ResourceChange, StackInput, StackOutcome, StackPlan } from './stacks/types';
export { type SynthesisInput, synthesize } from './synthesize';
export type { StackTarget } from './target';
