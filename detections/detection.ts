import type { Condition } from './condition';
import type { CloudTrailRecord } from './record';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** Where a detection's events occur: sign-ins of the root user and global services in us-east-1 alone. */
export type Regions = 'us-east-1' | 'sign-in' | 'all';

/** What must be switched on before the events arrive. */
export type Requirement =
  /** A trail with management events, which logs. */
  | 'trail'
  /** Data events of S3 on that trail. */
  | 'data events'
  /** The rule state that lets read-only management events through. */
  | 'read-only events';

export type ParameterValue = readonly string[] | readonly number[] | number;

/** A setting of a detection, with its value where nobody sets another. The type of the default is the type. */
export interface Parameter {
  readonly meaning: string;
  readonly default: ParameterValue;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** The settings of a detection, resolved. */
export type Settings<P extends Parameters = Parameters> = { readonly [K in keyof P]: Widened<P[K]['default']> };

type Widened<T> = T extends readonly string[]
  ? readonly string[]
  : T extends readonly number[]
    ? readonly number[]
    : number;

/** How often something must happen, by whom, before it is worth an alert. */
export interface Threshold {
  readonly count: number;
  readonly windowMinutes: number;
  /** Paths of the fields that say who: account and actor. */
  readonly per: readonly string[];
}

/** The text of a metric filter as a control prescribes it, letter by letter. */
export interface ExactFilter {
  /** Security Hub's control, such as `CloudWatch.1`, or CIS's own number where Security Hub has none. */
  readonly control: string;
  readonly pattern: string;
}

/** A record that shows a detection at work. */
export interface Example {
  readonly title: string;
  /** Where the record's shape comes from. */
  readonly provenance: string;
  readonly record: CloudTrailRecord;
}

/** One detection: what it looks for, what that means, and what to do about it. */
export interface Detection<P extends Parameters = Parameters> {
  /** Equal to its file's name. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters, for whoever is woken by it. */
  readonly meaning: string;
  /** What to do, step by step. */
  readonly runbook: readonly string[];
  readonly references: {
    /** CIS AWS Foundations, as `version:recommendation`. */
    readonly cis: readonly string[];
    readonly securityHub?: readonly string[];
    /** MITRE ATT&CK techniques. */
    readonly attack: readonly string[];
  };
  readonly parameters: P;
  /** Names the parameter without which the detection would be meaningless, and therefore is off. */
  needs?(settings: Settings<P>): string | undefined;
  /** Settings under which the examples are meant, where the defaults switch the detection off. */
  readonly trial?: { readonly [K in keyof P]?: Settings<P>[K] };
  /** Whether only calls that succeeded count. */
  readonly outcome: 'success' | 'any';
  readonly regions: Regions;
  readonly requires: readonly Requirement[];
  condition(settings: Settings<P>): Condition;
  threshold?(settings: Settings<P>): Threshold;
  /** A condition that holds whenever the detection's does, for engines that cannot say the detection's own. */
  nearest?(settings: Settings<P>): Condition;
  /** Metric filters that auditors' tools look for. */
  readonly exact?: readonly ExactFilter[];
  /** Paths that an alert shows, beyond who, where and when. */
  readonly fields: readonly string[];
  /** Alerts that agree in these fields within an hour are one. */
  readonly deduplicationKey: readonly string[];
  /** The records may carry credentials in their response: alerts must not hold it. */
  readonly secretResponse?: true;
  readonly firing: readonly Example[];
  readonly quiet: readonly Example[];
}

/** Declares a detection: gives its functions the types of its own parameters. */
export function defineDetection<const P extends Parameters>(detection: Detection<P>): Detection {
  return detection as unknown as Detection;
}
