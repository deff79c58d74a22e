import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { GarrisonError } from '../../organization/errors';
import { remedyFor } from '../remedies';
import { placeOf, type StackTarget } from '../target';

/** Consequences of a failure elsewhere: they explain nothing. */
const consequence = /^Resource (creation|update) cancelled|^The following resource\(s\) failed/i;

/** The error for a stack that failed: the reason of the first resource that did, which all others follow from. */
export function stackFailure(
  stack: { readonly name: string; readonly status: string; readonly statusReason?: string },
  events: readonly StackEvent[],
  target: StackTarget,
): GarrisonError {
  const first = firstFailure(events);
  const reason = first?.ResourceStatusReason ?? stack.statusReason ?? stack.status;
  const which = first?.LogicalResourceId ? ` at ${first.LogicalResourceId} (${first.ResourceType})` : '';
  return new GarrisonError(
    'stack.failed',
    `Stack ${stack.name} in account ${target.accountId}, ${target.region}, failed${which}: ${reason}`,
    remedyFor(reason) ?? 'Mend the cause and run the command again: it goes on where this left off.',
    placeOf(target, 'cloudformation:ExecuteChangeSet'),
  );
}

/** The stack cannot be changed by anybody but a person. */
export function stuckStack(stack: Stack, target: StackTarget): GarrisonError {
  return new GarrisonError(
    'stack.stuck',
    `Stack ${stack.StackName} in account ${target.accountId}, ${target.region}, is in ${stack.StackStatus}: ${
      stack.StackStatusReason ?? 'CloudFormation gives no reason'
    }`,
    'Continue its rollback in the CloudFormation console ("Continue update rollback"), then run the command again.',
    placeOf(target, 'cloudformation:DescribeStacks'),
  );
}

/** Events, newest first as CloudFormation lists them. */
function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return [...events]
    .reverse()
    .find(
      (event) =>
        event.ResourceStatus?.endsWith('_FAILED') &&
        event.ResourceType !== 'AWS::CloudFormation::Stack' &&
        !consequence.test(event.ResourceStatusReason ?? ''),
    );
}
