import type { FollowUpBody } from './followUp';
import type { SeverityBand } from './settings';

/** An event as EventBridge delivers it to a target. What `detail` holds is not trusted before it is parsed. */
export interface EventBridgeEvent {
  readonly id?: string;
  readonly source: string;
  readonly 'detail-type': string;
  /** Account of the bus on which the event was first put. */
  readonly account?: string;
  readonly region?: string;
  readonly time?: string;
  readonly resources?: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a rule's input transformer says of the detection that fired. */
export interface DetectionMark {
  readonly id: string;
  readonly title: string;
  /** Why it matters, in a sentence or two. */
  readonly description?: string;
  /** A band, in any case, or a number on GuardDuty's scale. */
  readonly severity: SeverityBand | Lowercase<SeverityBand> | number;
  /** Address of the runbook. */
  readonly runbook?: string;
  /** Only for detections that count: a rule sees one event at a time, so the notifier counts. */
  readonly threshold?: ThresholdMark;
}

/** So many events of the same account and the same values of `by` within the window make one alert. */
export interface ThresholdMark {
  /** From 2. */
  readonly count: number;
  readonly windowSeconds: number;
  /** Paths into the event, such as `detail.userIdentity.arn`. A value that an event does not have counts as empty. */
  readonly by: readonly string[];
}

/** A detection with the event on which it fired. */
export interface DetectionBody {
  readonly detection: DetectionMark;
  readonly event: EventBridgeEvent;
}

/**
 * Body of a message in the alert queue: a raw EventBridge event (findings of GuardDuty), a detection with the event on
 * which it fired, or what somebody else has to say under an alert.
 */
export type QueueBody = EventBridgeEvent | DetectionBody | FollowUpBody;
