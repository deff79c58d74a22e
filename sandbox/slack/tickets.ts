import { randomBytes } from 'node:crypto';

/** What a person's click or command lets the app do: open a view. */
interface Trigger {
  readonly user: string;
  readonly at: number;
  /** The view in which it was made, for `views.push`. */
  readonly viewId?: string;
  used: boolean;
}

/** Where a `response_url` leads. */
export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  /** The message with the clicked element; absent for slash commands. */
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly at: number;
  uses: number;
}

/** Short-lived permissions that interactions carry: `trigger_id` and `response_url`. */
export class Tickets {
  private readonly triggers = new Map<string, Trigger>();
  private readonly targets = new Map<string, ResponseTarget>();

  constructor(private readonly now: () => number) {}

  /** A new `trigger_id` for what this person just did. */
  trigger(user: string, viewId?: string): string {
    const id = `${this.now()}.${Math.floor(Math.random() * 1e10)}.${randomBytes(16).toString('hex')}`;
    this.triggers.set(id, { user, viewId, at: this.now(), used: false });
    return id;
  }

  /** Takes a `trigger_id` in exchange for a view: who triggered it, or Slack's reason against it. */
  exchange(id: unknown, life: number): Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' {
    const trigger = this.triggers.get(String(id));
    if (!trigger) {
      return 'invalid_trigger_id';
    }
    if (trigger.used) {
      return 'exchanged_trigger_id';
    }
    if (this.now() - trigger.at > life) {
      return 'expired_trigger_id';
    }
    trigger.used = true;
    return trigger;
  }

  /** Path of a new response URL, below `/_slack/`. */
  responsePath(target: Omit<ResponseTarget, 'at' | 'uses'>): string {
    const id = randomBytes(12).toString('hex');
    this.targets.set(id, { ...target, at: this.now(), uses: 0 });
    return `response/${id}`;
  }

  /** Five uses in thirty minutes. */
  useResponse(id: string): ResponseTarget | 'not_found' | 'expired_url' | 'used_url' {
    const target = this.targets.get(id);
    if (!target) {
      return 'not_found';
    }
    if (this.now() - target.at > 30 * 60_000) {
      return 'expired_url';
    }
    target.uses += 1;
    return target.uses > 5 ? 'used_url' : target;
  }
}
