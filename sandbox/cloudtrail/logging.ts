import type { GetTrailStatusRequest, StartLoggingRequest } from '@aws-sdk/client-cloudtrail';
import type { Handler } from '../core/service';
import type { Trail, Trails } from './state';

/** Seconds and `Z`: the older members of a status are texts. */
function text(date: Date | undefined): string {
  return date ? date.toISOString().replace(/\.\d{3}Z$/, 'Z') : '';
}

function statusShape(trail: Trail, now: Date) {
  const { startedAt, stoppedAt } = trail;
  const delivered = startedAt && (trail.logging ? now : (stoppedAt ?? startedAt));
  return {
    IsLogging: trail.logging,
    LatestDeliveryTime: delivered,
    StartLoggingTime: startedAt,
    StopLoggingTime: stoppedAt,
    LatestDeliveryAttemptTime: text(delivered),
    LatestNotificationAttemptTime: '',
    LatestNotificationAttemptSucceeded: '',
    LatestDeliveryAttemptSucceeded: text(delivered),
    TimeLoggingStarted: text(startedAt),
    TimeLoggingStopped: text(stoppedAt),
  };
}

/** Switching trails on and off. */
export function loggingOperations(trails: Trails): Record<string, Handler> {
  return {
    StartLogging: (input: StartLoggingRequest, context) => {
      const trail = trails.ownedBy(input.Name, context);
      trail.startedAt = trail.logging ? trail.startedAt : context.world.now();
      trail.logging = true;
      return {};
    },
    StopLogging: (input: StartLoggingRequest, context) => {
      const trail = trails.ownedBy(input.Name, context);
      trail.stoppedAt = trail.logging ? context.world.now() : trail.stoppedAt;
      trail.logging = false;
      return {};
    },
    GetTrailStatus: (input: GetTrailStatusRequest, context) =>
      statusShape(trails.named(input.Name, context), context.world.now()),
  };
}
