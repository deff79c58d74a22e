import { DescribeStackEventsCommand, type Stack, type StackEvent } from '@aws-sdk/client-cloudformation';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { poll } from '../poll';
import { placeOf, type StackTarget } from '../target';
import { stackFailure, stuckStack } from './failure';
import { describeStack, isMissing } from './observe';

const succeeded = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE', 'IMPORT_COMPLETE']);
const stuck = new Set(['UPDATE_ROLLBACK_FAILED', 'IMPORT_ROLLBACK_FAILED']);

interface Following {
  /** Events before are another run's. */
  readonly since: Date;
  readonly target: StackTarget;
  readonly host: Host;
  readonly deleting?: boolean;
}

/**
 * Waits until nothing is under way on a stack, as after a run that was killed or during another's. Resolves with the
 * stack, or `undefined` where there is none.
 *
 * @throws GarrisonError `stack.stuck` when only a person can help
 */
export async function settle(stackName: string, target: StackTarget, host: Host): Promise<Stack | undefined> {
  let told = false;
  const settled = await poll(async () => {
    const stack = await describeStack(stackName, target);
    if (!stack || !isUnderWay(stack)) {
      return { stack };
    }
    if (!told) {
      told = true;
      host.emit({
        code: 'stack.waiting',
        level: 'info',
        text: `Stack ${stackName} in account ${target.accountId} is in ${stack.StackStatus}: waiting for it`,
        data: { stackName, accountId: target.accountId, region: target.region, status: stack.StackStatus },
      });
    }
    return undefined;
  });
  if (settled === undefined) {
    throw outOfPatience(stackName, target);
  }
  if (settled.stack && stuck.has(settled.stack.StackStatus ?? '')) {
    throw stuckStack(settled.stack, target);
  }
  return settled.stack;
}

/** For so long a change that was accepted may not be seen yet, in milliseconds: answers can be older than the change. */
const unseen = 30_000;

/**
 * Follows a change that was accepted until it ends, telling the host every event.
 *
 * @throws GarrisonError `stack.failed` with the first failing resource's reason
 */
export async function followStack(stackName: string, following: Following): Promise<Stack | undefined> {
  const seen = new Set<string>();
  const deadline = Date.now() + unseen;
  const end = await poll(async () => {
    // Events first: a status that is read after the first of them is that of this change.
    await tellEvents(stackName, seen, following);
    const hasBegun = seen.size > 0 || Date.now() > deadline;
    const stack = await describeStack(stackName, following.target);
    return stack && (isUnderWay(stack) || !hasBegun) ? undefined : { stack };
  });
  await tellEvents(stackName, seen, following);
  if (end === undefined) {
    throw outOfPatience(stackName, following.target);
  }
  const status = end.stack?.StackStatus ?? 'DELETE_COMPLETE';
  if (succeeded.has(status) && (following.deleting === true) === (status === 'DELETE_COMPLETE')) {
    return end.stack;
  }
  const events = await eventsSince(stackName, following);
  throw stackFailure({ name: stackName, status, statusReason: end.stack?.StackStatusReason }, events, following.target);
}

function isUnderWay({ StackStatus }: Stack): boolean {
  return StackStatus !== 'REVIEW_IN_PROGRESS' && (StackStatus ?? '').endsWith('_IN_PROGRESS');
}

async function tellEvents(stackName: string, seen: Set<string>, following: Following): Promise<void> {
  const { target, host } = following;
  const fresh = (await eventsSince(stackName, following)).filter((event) => !seen.has(event.EventId ?? ''));
  for (const event of fresh.reverse()) {
    seen.add(event.EventId ?? '');
    const failed = event.ResourceStatus?.endsWith('_FAILED') ?? false;
    host.emit({
      code: 'stack.event',
      level: failed ? 'warning' : 'debug',
      text: `${event.LogicalResourceId}: ${event.ResourceStatus}${failed ? `: ${event.ResourceStatusReason}` : ''}`,
      data: {
        stackName: event.StackName,
        accountId: target.accountId,
        region: target.region,
        logicalId: event.LogicalResourceId,
        type: event.ResourceType,
        status: event.ResourceStatus,
        reason: event.ResourceStatusReason,
      },
    });
  }
}

/** Newest first. Stops at the first page that reaches back before `since`. */
async function eventsSince(stackName: string, { since, target }: Following): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let token: string | undefined;
  do {
    const page = await target.client
      .send(new DescribeStackEventsCommand({ StackName: stackName, NextToken: token }))
      .catch((error: unknown) => {
        if (isMissing(error)) {
          return { StackEvents: [], NextToken: undefined };
        }
        throw error;
      });
    const fresh = (page.StackEvents ?? []).filter((event) => isAfter(event, since));
    events.push(...fresh);
    token = fresh.length === (page.StackEvents ?? []).length ? page.NextToken : undefined;
  } while (token !== undefined);
  return events;
}

/** The clocks of this machine and of AWS may differ a little. */
function isAfter({ Timestamp }: StackEvent, since: Date): boolean {
  return Timestamp === undefined || Timestamp.getTime() >= since.getTime() - 5_000;
}

function outOfPatience(stackName: string, target: StackTarget): GarrisonError {
  return new GarrisonError(
    'stack.timeout',
    `Stack ${stackName} in account ${target.accountId}, ${target.region}, was still changing after an hour`,
    'Look at its events in the CloudFormation console; run the command again to go on waiting.',
    placeOf(target, 'cloudformation:DescribeStacks'),
  );
}
