import type { Progress } from './act';
import type { Failure } from './failures';
import type { Json, Step } from './plan';
import type { Target } from './responder';

/** How a response ended; `waiting` for a person, `open` while it is being worked on. */
export type Outcome =
  | 'open'
  | 'waiting'
  | 'acted'
  | 'partly'
  | 'failed'
  | 'notified'
  | 'nothing'
  | 'changed'
  | 'gone'
  | 'exempt'
  | 'stopped'
  | 'declined'
  | 'expired'
  | 'ignored';

/** A person as Slack names them, or whoever ran the command. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What a person decided about a response. */
export interface PersonsDecision {
  readonly action: 'approve' | 'decline';
  readonly person: Person;
  /** ISO 8601. */
  readonly at: string;
}

/** The record of one response: who, what, before, after, and how to undo it. Plain data. */
export interface Response {
  readonly id: string;
  readonly responder: string;
  readonly strategy: string;
  readonly accountId: string;
  readonly region: string;
  readonly target: Target;
  /** What called it: the event's id, what it was called, when, and who did it. */
  readonly trigger: {
    readonly id: string;
    readonly name: string;
    readonly time?: string;
    readonly actor?: string;
    readonly detection?: string;
    readonly findingId?: string;
  };
  /** ISO 8601: when the response began, and when it ended. */
  readonly at: string;
  readonly endedAt?: string;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly advice?: readonly string[];
  readonly steps?: readonly Step[];
  readonly progress?: Progress;
  readonly before?: Json;
  readonly after?: Json;
  /** What takes it back, the last step first. */
  readonly undo?: readonly Step[];
  /** What a person types to take it back. */
  readonly undoCommand?: string;
  readonly failure?: Failure;
  /** How often it was put off. */
  readonly retries?: number;
  /** Why it was put off the last time. */
  readonly delayedBy?: Failure;
  /** ISO 8601: when the question to a person ends. */
  readonly asksUntil?: string;
  readonly decision?: PersonsDecision;
  readonly undone?: { readonly by: string; readonly at: string; readonly outcome: 'undone' | 'partly' | 'already' };
}
