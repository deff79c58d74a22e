import { randomUUID } from 'node:crypto';
import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Stack, StackEvent, StackResource } from './state';

/** Clients sort events by their time: no two of a stack have the same. */
function append(stack: Stack, event: Omit<StackEvent, 'clientRequestToken'>): void {
  const last = stack.events.at(-1)?.timestamp.getTime() ?? 0;
  const timestamp = new Date(Math.max(event.timestamp.getTime(), last + 1));
  stack.events.push({ ...event, timestamp, clientRequestToken: stack.token });
}

/** The stack itself changes its status: an event under its own name. */
export function recordStack(stack: Stack, status: StackStatus, now: Date, reason?: string): void {
  stack.status = status;
  stack.statusReason = reason;
  append(stack, {
    id: randomUUID(),
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    timestamp: now,
    status,
    reason,
  });
}

/** A resource changes its status. */
export function recordResource(
  stack: Stack,
  resource: StackResource,
  status: ResourceStatus,
  now: Date,
  reason?: string,
): void {
  resource.status = status;
  resource.statusReason = reason;
  resource.updatedAt = now;
  append(stack, {
    id: `${resource.logicalId}-${status}-${now.toISOString()}`,
    logicalId: resource.logicalId,
    physicalId: resource.physicalId ?? '',
    type: resource.type,
    timestamp: now,
    status,
    reason,
    properties: resource.properties,
  });
}
