import type { FindingType } from './events/findingType';
import type { SeverityBand } from './settings';

/** Names of facts in the message catalogs. */
export type FactName =
  | 'instanceType'
  | 'image'
  | 'publicAddress'
  | 'privateAddress'
  | 'vpc'
  | 'access'
  | 'namespace'
  | 'workload'
  | 'container'
  | 'process'
  | 'file'
  | 'malware'
  | 'threatList'
  | 'engine'
  | 'database'
  | 'task'
  | 'domain'
  | 'port'
  | 'userAgent'
  | 'accessKey'
  | 'session'
  | 'mfa'
  | 'error'
  | 'outcome'
  | 'parameters';

export interface Fact {
  readonly name: FactName;
  readonly value: string;
}

/** A thing that something was done to, or somebody who did it. `kind` is AWS's own word, such as `Instance`. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly facts: readonly Fact[];
}

/** Where somebody came from, or where a resource went to. */
export interface RemoteEnd {
  readonly address: string;
  readonly country?: string;
  readonly city?: string;
  /** Name of the autonomous system or provider. */
  readonly network?: string;
  readonly autonomousSystem?: string;
  readonly port?: string;
}

/** What was done, as far as the event tells. */
export interface Action {
  readonly kind:
    | 'apiCall'
    | 'network'
    | 'dns'
    | 'portProbe'
    | 'kubernetes'
    | 'login'
    | 'signIn'
    | 'runtime'
    | 'malware'
    | 'other';
  /** Such as `s3:DeleteBucket`, a domain, or `TCP outbound to port 22`. */
  readonly text: string;
  readonly blocked?: boolean;
  readonly error?: string;
}

/** One observation of which an attack sequence is made. */
export interface Signal {
  readonly name: string;
  readonly kind?: string;
  readonly severity?: number;
  readonly firstSeen?: Date;
}

/** Tactics and techniques of MITRE ATT&CK. */
export interface AttackReference {
  /** Such as `T1496` or `TA0040`. */
  readonly id: string;
  readonly name?: string;
}

/** So many events within so many seconds make an alert; those that count together have the same key. */
export interface AlertThreshold {
  readonly count: number;
  readonly windowSeconds: number;
  /** Stands for detection, account and the values that the detection counts by. */
  readonly key: string;
}

/** An event that a person has to see, parsed: the only thing that the rest of the notifier works on. */
export interface Alert {
  /** The same for the same occurrence, however often and by whatever way it arrives: 32 hexadecimal digits. */
  readonly id: string;
  readonly source: 'guardduty' | 'cloudtrail' | 's3' | 'other';
  /** GuardDuty's finding type, the detection's id, or `service:EventName`. */
  readonly type: string;
  readonly findingType?: FindingType;
  readonly detection?: { readonly id: string; readonly runbook?: string };
  /** Only of detections that count. */
  readonly threshold?: AlertThreshold;
  readonly title: string;
  readonly description?: string;
  /** On GuardDuty's scale; absent when nobody said. */
  readonly severity?: number;
  readonly band: SeverityBand;
  readonly sample: boolean;
  readonly accountId: string;
  readonly region: string;
  readonly partition?: string;
  readonly resources: readonly Subject[];
  readonly actor?: Subject;
  readonly remote?: RemoteEnd;
  readonly action?: Action;
  readonly count?: number;
  readonly firstSeen?: Date;
  readonly lastSeen?: Date;
  readonly attack: readonly AttackReference[];
  readonly signals: readonly Signal[];
  /** Further facts: process, malware, threat list. */
  readonly facts: readonly Fact[];
  readonly finding?: { readonly id: string; readonly detectorId?: string };
  /** CloudTrail's or EventBridge's id of the event. */
  readonly eventId?: string;
}

/** Why an event becomes no alert. */
export interface Ignored {
  readonly ignored: 'archived' | 'noEvent' | 'notAFinding' | 'sample' | 'selfTest';
}
