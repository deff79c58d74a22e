import type { Template } from '../assembly';
import { compareTemplates, differsBesides } from './compare';
import type { ObservedStack, StackInput, StackPlan } from './types';

/** A first creation that failed, or was only ever reviewed: nothing can be updated there. */
const onlyDeletable = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED']);
const notThereYet = new Set(['REVIEW_IN_PROGRESS']);

/** Whether a stack in this status has to be deleted before it can be created. */
export function mustBeDeleted(status: string): boolean {
  return onlyDeletable.has(status);
}

/** Compares a stack as it is to be with what stands: pure. */
export function planStack(
  desired: StackInput,
  observed: ObservedStack | undefined,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): StackPlan {
  const template = JSON.parse(desired.templateBody) as Template;
  const plan = (action: StackPlan['action'], against: Template, parameters: readonly string[] = []): StackPlan => ({
    accountId,
    region,
    stackName: desired.stackName,
    action,
    resources: compareTemplates(template, against),
    parameters,
  });
  if (observed === undefined || notThereYet.has(observed.status)) {
    return plan('create', {});
  }
  if (mustBeDeleted(observed.status)) {
    return plan('recreate', {});
  }
  const parameters = differingParameters(desired, observed);
  const update = plan('update', observed.template, parameters);
  const same = update.resources.length === 0 && parameters.length === 0 && !differsBesides(template, observed.template);
  return same ? { ...update, action: 'none' } : update;
}

function differingParameters(desired: StackInput, observed: ObservedStack): string[] {
  return Object.entries(desired.parameters ?? {})
    .filter(([name, value]) => observed.parameters[name] !== value)
    .map(([name]) => name)
    .sort();
}
