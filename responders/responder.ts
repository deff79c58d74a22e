import type { DetectionMark } from '../notifier/queue';
import type { Json, Step } from './plan';
import type { RespondingSettings } from './settings';
import type { Trigger } from './trigger';

/** Where something happened. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

/** A statement of an IAM policy, as IAM writes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What an event says that a responder should look at. */
export interface Target {
  /** AWS's word, such as `SecurityGroup`. */
  readonly kind: string;
  /** Id, name or ARN: the same for the same resource. */
  readonly resource: string;
  /** What else the event says of it. Hostile, as all that comes from an event. */
  readonly hints?: Json;
}

/** Reads in the account and region at fault. Throws what the SDK throws. */
export interface Look {
  readonly place: Place;
  read<Output>(call: {
    readonly service: Step['service'];
    readonly operation: string;
    readonly input: Json;
  }): Promise<Output>;
}

/** What a decision stands on beside the facts. */
export interface Question {
  readonly strategy: string;
  readonly target: Target;
  readonly place: Place;
  readonly settings: RespondingSettings;
}

/** What a responder made of the facts, and why. Reasons are plain text; whoever shows them escapes them. */
export type Decision =
  /** `steps` in their order. */
  | { readonly kind: 'act'; readonly reasons: readonly string[]; readonly steps: readonly Step[] }
  /** A person has to act, or chose to. */
  | { readonly kind: 'notify'; readonly reasons: readonly string[]; readonly advice: readonly string[] }
  /** All is in order already. */
  | { readonly kind: 'nothing'; readonly reasons: readonly string[] }
  /** It is no longer what the event told of: left alone. */
  | { readonly kind: 'changed'; readonly reasons: readonly string[] }
  /** None of this responder's business: not worth a word. */
  | { readonly kind: 'ignore'; readonly reasons: readonly string[] };

/** One responder: what it answers to, what it looks at, what it decides, what it does, and what it may do for that. */
export interface Responder<Facts = unknown> {
  /** Equal to its file's name, and to its name in `garrison.yaml`. */
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  /** Detections that it answers to. */
  readonly detections: readonly string[];
  /** Events of its own, beside or in place of those on which the detections fire; they bear the mark of a detection. */
  readonly events?: {
    readonly mark: DetectionMark;
    readonly pattern: Readonly<Record<string, unknown>>;
    readonly inPlace: boolean;
  };
  /** GuardDuty finding types that it answers to; `*` stands for any characters at the end. */
  readonly findingTypes: readonly string[];
  /** Strategies beside `notify`, with what each does. */
  readonly strategies: Readonly<Record<string, string>>;
  /**
   * All that it may do, held to one account and region; `*` as the region where it stands in a role, and then to what
   * the settings name.
   */
  statements(place: Place, settings?: Pick<RespondingSettings, 'buckets'>): readonly Statement[];
  targets(trigger: Trigger): readonly Target[];
  /** `undefined` when the resource is gone. */
  observe(target: Target, look: Look): Promise<Facts | undefined>;
  /** Tags of the resource. */
  tags(facts: Facts): Readonly<Record<string, string>>;
  /** Pure. */
  decide(facts: Facts, question: Question): Decision;
  /** What of the facts a response changes: compared to see whether somebody else changed it since. Pure. */
  state(facts: Facts): Json;
}

/** Declares a responder: gives its functions the type of its own facts. */
export function defineResponder<Facts>(responder: Responder<Facts>): Responder {
  return responder as unknown as Responder;
}
