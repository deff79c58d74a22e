import { randomUUID } from 'node:crypto';
import type { World } from '../core/world';
import type { Deliverer } from './delivery';
import { eventTime } from './entries';
import { parseSchedule } from './schedule';
import type { Rule } from './state';

/** Node's timers hold no more. */
const longestTimer = 2 ** 31 - 1;

/** Fires scheduled rules at their times, as long as the process lives for other reasons. */
export class Scheduler {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly world: World,
    private readonly deliverer: Deliverer,
  ) {}

  /** Starts, changes or stops the timer of a rule. */
  update(rule: Rule): void {
    clearTimeout(this.timers.get(rule.arn));
    this.timers.delete(rule.arn);
    if (rule.schedule && rule.state !== 'DISABLED') {
      this.plan(rule, rule.schedule);
    }
  }

  private plan(rule: Rule, expression: string): void {
    const now = this.world.now().getTime();
    const next = parseSchedule(expression)?.next(now);
    if (next === undefined) {
      return;
    }
    const due = next - now <= longestTimer;
    const timer = setTimeout(
      () => {
        if (due) {
          this.fire(rule);
        }
        this.plan(rule, expression);
      },
      Math.min(next - now, longestTimer),
    );
    timer.unref();
    this.timers.set(rule.arn, timer);
  }

  private fire(rule: Rule): void {
    this.deliverer.trigger(rule, {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: rule.site.accountId,
      time: eventTime(this.world.now()),
      region: rule.site.region,
      resources: [rule.arn],
      detail: {},
    });
  }

  close(): void {
    for (const timer of this.timers.values()) {
      clearTimeout(timer);
    }
  }
}
