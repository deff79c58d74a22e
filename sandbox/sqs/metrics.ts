import type { Handler } from '../core/service';
import type { Queues } from './region';

/** What CloudWatch knows of a queue, by the names of its metrics in `AWS/SQS`; nothing when the queue is gone. */
export function readMetrics(queues: Queues): Handler {
  return (input: { QueueName?: string }, context) => {
    const queue = queues.regions.at(context).queues.get(input.QueueName ?? '');
    if (!queue) {
      return undefined;
    }
    const now = queues.now();
    const counts = queue.counts(now);
    const oldest = Math.min(now, ...[...queue.messages.values()].map((message) => message.sentAt));
    return {
      ApproximateNumberOfMessagesVisible: counts.visible,
      ApproximateNumberOfMessagesNotVisible: counts.inFlight,
      ApproximateNumberOfMessagesDelayed: counts.delayed,
      ApproximateAgeOfOldestMessage: Math.floor((now - oldest) / 1000),
    };
  };
}
