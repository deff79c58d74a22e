import type { Decision, Question } from './decision';
import type { Caller } from './service';

/** A decision of IAM, the first of those that ask the same, and all that decided it. */
export interface RecordedDecision {
  /** Who asked; of a session the role stands in `roleArn`. */
  readonly caller: Caller;
  /** The call that asked, such as `cloudformation:ExecuteChangeSet`: not always the action that is decided upon. */
  readonly call: string;
  /** Service through which the caller called, such as `cloudformation.amazonaws.com`. */
  readonly via?: string;
  readonly question: Question;
  readonly decision: Decision;
}

/** Keys that differ from call to call and say nothing of what is asked. */
const passing = new Set(['aws:CurrentTime', 'aws:EpochTime', 'aws:userid', 'aws:SourceIp', 'aws:UserAgent']);

/**
 * The decisions of IAM, in their order, from `start` on. What is asked again in the same words is kept once, so that a
 * whole rollout takes a few megabytes.
 */
export class DecisionLog {
  private records: Map<string, RecordedDecision> | undefined;

  /** Forgets what there is, and records from now on. */
  start(): void {
    this.records = new Map();
  }

  stop(): void {
    this.records = undefined;
  }

  list(): RecordedDecision[] {
    return [...(this.records?.values() ?? [])];
  }

  note(record: RecordedDecision): void {
    if (this.records === undefined) {
      return;
    }
    const { caller, question, decision } = record;
    const { action, resource, context, identityPolicies, resourcePolicy } = question;
    const lasting = Object.entries(context).filter(([key]) => !passing.has(key));
    const key = JSON.stringify([
      ...[caller.roleArn ?? caller.arn, action, resource, decision],
      ...[lasting, identityPolicies, resourcePolicy, caller.sessionPolicies],
    ]);
    if (!this.records.has(key)) {
      this.records.set(key, record);
    }
  }
}
