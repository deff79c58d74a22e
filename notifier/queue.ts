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
  /** A band, in any case, or a number on GuardDuty's scale. */
  readonly severity: SeverityBand | Lowercase<SeverityBand> | number;
  /** Address of the runbook. */
  readonly runbook?: string;
}

/**
 * Body of a message in the alert queue: a raw EventBridge event (findings of GuardDuty), or a detection with the
 * event on which it fired.
 */
export type QueueBody = EventBridgeEvent | { readonly detection: DetectionMark; readonly event: EventBridgeEvent };
