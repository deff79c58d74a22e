import type { FollowUpBody } from '../notifier/followUp';
import type { Log } from '../notifier/log';
import type { AlertTable } from '../notifier/state/table';
import type { Records } from './records';
import type { Sessions } from './sessions';
import type { RespondingSettings } from './settings';

/** All that responding needs of the world. */
export interface Tools {
  readonly settings: RespondingSettings;
  readonly table: AlertTable;
  readonly records: Records;
  readonly sessions: Sessions;
  /** Puts a follow-up on the alert queue. */
  readonly tell: (body: FollowUpBody) => Promise<void>;
  readonly log: Log;
  readonly now: () => Date;
  /** Milliseconds that remain to this invocation. */
  readonly remaining: () => number;
  /** Different for each invocation. */
  readonly owner: string;
}

/** What becomes of a message: done with, or to come again after so many seconds. */
export type Handled = { readonly kind: 'done' } | { readonly kind: 'later'; readonly seconds: number };

export const done: Handled = { kind: 'done' };

/** The sooner of two. */
export function sooner(one: Handled, other: Handled): Handled {
  if (one.kind === 'done' || other.kind === 'done') {
    return one.kind === 'done' ? other : one;
  }
  return one.seconds <= other.seconds ? one : other;
}
