import type { EventBridgeRule } from '../compile/eventbridge';
import type { PatternObject } from '../compile/patternDraft';
import type { LogFileDetection } from '../logFile/settings';
import type { Overrides } from '../settings';

/** Which detections are rolled out, and with which parameters: the section `detections` of `garrison.yaml`. */
export interface RolloutSettings {
  readonly enabled: 'all' | 'none' | readonly string[];
  readonly disabled: readonly string[];
  readonly nearest: readonly string[];
  readonly settings: Overrides;
  readonly organizationalUnits: Readonly<Record<string, Overrides>>;
  readonly accounts: Readonly<Record<string, Overrides>>;
  /** The route of log files; absent when it is off. */
  readonly logFiles?: { readonly only: boolean };
}

/** What the rules have to know of the organization. */
export interface RolloutSurroundings {
  readonly accounts: readonly { readonly id: string; readonly ou?: string }[];
  /** Names of the roles through which Garrison itself makes changes: those are no alerts. */
  readonly operators: readonly string[];
  /** ARNs of roles that have one of the administrator policies, of any account. */
  readonly administrators?: readonly string[];
  /** Of the alerts; English unless given. */
  readonly language?: 'en' | 'ja';
}

/** A rule of an account's default bus: whatever a detection may fire on goes to the security account's bus. */
export interface ForwardingRule {
  readonly name: string;
  readonly description: string;
  readonly state: EventBridgeRule['state'];
  /** The events occur in the partition's global region alone. */
  readonly globalOnly: boolean;
  readonly eventPattern: PatternObject;
}

/** A rule of the security account's bus: what a detection fires on becomes an alert that names the detection. */
export type AlertRule = Pick<EventBridgeRule, 'name' | 'description' | 'state' | 'eventPattern' | 'inputTransformer'>;

/** All rules of a rollout, and the detections that have none. */
export interface DetectionRules {
  readonly forwarding: readonly ForwardingRule[];
  readonly alerts: readonly AlertRule[];
  /** What the function on log files runs; empty where the route is off. */
  readonly logFiles: readonly LogFileDetection[];
  /** Detections that are rolled out, by their ids. */
  readonly alertedIds: readonly string[];
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
}
