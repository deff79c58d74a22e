import type { DesiredInstances, ObservedStack, ObservedStackSet } from '../../cloudformation';
import type { Rollout } from './context';
import { desiredInstances, inOrder } from './desired';

/** The stack that holds the stack sets. */
export const securityStackName = 'garrison-security';

/**
 * Stack sets that stand and that the files no longer ask for, wanted without any instance: what is left of them has to
 * go before CloudFormation can delete them with their stack's next update.
 */
export function retiredStackSets(rollout: Rollout, seen: ReadonlyMap<string, ObservedStackSet>): DesiredInstances[] {
  const wanted = new Set(inOrder(desiredInstances(rollout, new Map(), [])).map(({ stackSet }) => stackSet));
  return [...seen.values()]
    .filter(({ stackSet, exists }) => exists && !wanted.has(stackSet))
    .map(({ stackSet }) => ({ stackSet, cells: [] }));
}

/** Names of the stack sets in the template of a stack that stands. */
export function stackSetsIn(stack: ObservedStack | undefined): string[] {
  return Object.values(stack?.template.Resources ?? {})
    .filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet')
    .flatMap(({ Properties }) => (typeof Properties?.StackSetName === 'string' ? [Properties.StackSetName] : []));
}
