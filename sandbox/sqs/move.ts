import { randomUUID } from 'node:crypto';
import type {
  CancelMessageMoveTaskRequest,
  ListMessageMoveTasksRequest,
  StartMessageMoveTaskRequest,
} from '@aws-sdk/client-sqs';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import { redrivePolicy } from './attributes';
import type { Queue } from './queue';
import type { MoveTask, Queues } from './region';

function noResource(): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  );
}

function isDeadLetterQueue(queues: Queues, queue: Queue): boolean {
  const [, , , region = '', accountId = ''] = queue.arn.split(':');
  return [...queues.regions.at({ accountId, region }).queues.values()].some(
    (other) => redrivePolicy(other.attributes)?.deadLetterTargetArn === queue.arn,
  );
}

/** Moves one message; false when none is left. */
function moveOne(queues: Queues, task: MoveTask, source: Queue): boolean {
  const message = source.receivable(queues.now()).next().value;
  if (!message) {
    return false;
  }
  const target = queues.byArn(task.destinationArn ?? message.deadLetterSource ?? '');
  if (!target) {
    throw new ServiceError('ResourceNotFoundException', 'AWS.SimpleQueueService.NonExistentQueue');
  }
  source.messages.delete(message.id);
  const fresh = { sentAt: queues.now(), visibleAt: queues.now(), receiveCount: 0, firstReceivedAt: undefined };
  target.add({ ...message, ...fresh, id: randomUUID(), receiptHandle: undefined, deadLetterSource: undefined });
  task.moved += 1;
  return true;
}

function run(queues: Queues, task: MoveTask, source: Queue): void {
  if (task.status === 'CANCELLING') {
    task.status = 'CANCELLED';
    return;
  }
  try {
    const perTick = Math.max(1, Math.floor((task.perSecond ?? 500) / 10));
    for (let moved = 0; moved < perTick; moved += 1) {
      if (!moveOne(queues, task, source)) {
        task.status = 'COMPLETED';
        return;
      }
    }
    queues.world.later(100, () => run(queues, task, source));
  } catch (error) {
    task.status = 'FAILED';
    task.failureReason = error instanceof Error ? error.message : String(error);
  }
}

function start(queues: Queues): Handler {
  return (input: StartMessageMoveTaskRequest, context) => {
    const source = queues.byArn(input.SourceArn ?? '');
    if (!source) {
      throw noResource();
    }
    if (!isDeadLetterQueue(queues, source)) {
      throw new ServiceError(
        'InvalidParameterValueException',
        'Source queue must be configured as a Dead Letter Queue.',
      );
    }
    if (input.DestinationArn && !queues.byArn(input.DestinationArn)) {
      throw new ServiceError(
        'ResourceNotFoundException',
        "The resource that you specified for the DestinationArn parameter doesn't exist.",
      );
    }
    const { tasks } = queues.regions.at(context);
    if (tasks.some((task) => task.sourceArn === source.arn && task.status === 'RUNNING')) {
      throw new ServiceError(
        'InvalidParameterValueException',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const id = { taskId: randomUUID(), sourceArn: source.arn };
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify(id)).toString('base64'),
      sourceArn: source.arn,
      destinationArn: input.DestinationArn,
      perSecond: input.MaxNumberOfMessagesPerSecond,
      startedAt: queues.now(),
      toMove: source.counts(queues.now()).visible,
      status: 'RUNNING',
      moved: 0,
    };
    tasks.unshift(task);
    queues.world.later(0, () => run(queues, task, source));
    return { TaskHandle: task.handle };
  };
}

/** StartMessageMoveTask and what goes with it: redrive out of a dead-letter queue. */
export function moving(queues: Queues): Record<string, Handler> {
  return {
    StartMessageMoveTask: start(queues),
    CancelMessageMoveTask: (input: CancelMessageMoveTaskRequest, context) => {
      const task = queues.regions.at(context).tasks.find((one) => one.handle === input.TaskHandle);
      if (task?.status !== 'RUNNING') {
        throw new ServiceError('ResourceNotFoundException', 'Task does not exist.');
      }
      task.status = 'CANCELLING';
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
    ListMessageMoveTasks: (input: ListMessageMoveTasksRequest, context) => {
      const source = queues.byArn(input.SourceArn ?? '');
      if (!source) {
        throw noResource();
      }
      const tasks = queues.regions.at(context).tasks.filter((task) => task.sourceArn === source.arn);
      const Results = tasks.slice(0, input.MaxResults ?? 1).map((task) => ({
        TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
        Status: task.status,
        SourceArn: task.sourceArn,
        DestinationArn: task.destinationArn,
        MaxNumberOfMessagesPerSecond: task.perSecond,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failureReason,
        StartedTimestamp: task.startedAt,
      }));
      return { Results };
    },
  };
}
