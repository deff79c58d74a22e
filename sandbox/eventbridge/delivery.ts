import type { Target } from '@aws-sdk/client-eventbridge';
import { matchesEventPattern } from '../../patterns/eventbridge';
import { parseArn } from '../common/arn';
import { afterwards } from '../common/delay';
import { putServiceMetrics } from '../common/serviceMetrics';
import { ServiceError } from '../core/errors';
import type { Caller } from '../core/service';
import type { World } from '../core/world';
import { deadLetter, type Failure, failureOf } from './failure';
import { send } from './send';
import type { Bus, Buses, BusRecord, Rule } from './state';
import { targetInput } from './transformer';

const defaultAttempts = 185;
const defaultAgeSeconds = 86_400;
const longestPause = 60_000;

/** How an event came to a bus. */
interface Arrival {
  /** An event that another bus passed on is not passed on to a third. */
  readonly forwarded?: boolean;
}

interface Attempt {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusRecord;
  readonly arrivedAt: number;
  readonly retries: number;
}

/** Carries events from buses through rules to targets, with retries and dead-letter queues. */
export class Deliverer {
  constructor(
    private readonly world: World,
    private readonly buses: Buses,
  ) {}

  /** An event reaches a bus: it is archived and goes to every target of every rule that matches. */
  arrive(bus: Bus, event: BusRecord, arrival: Arrival = {}): void {
    this.archive(bus, event);
    for (const rule of bus.rules.values()) {
      if (
        rule.pattern &&
        rule.state !== 'DISABLED' &&
        admits(rule, event) &&
        matchesEventPattern(rule.pattern, event)
      ) {
        this.trigger(rule, event, arrival);
      }
    }
  }

  /** Sends an event to all targets of one rule. */
  trigger(rule: Rule, event: BusRecord, arrival: Arrival = {}): void {
    const arrivedAt = this.world.now().getTime();
    for (const target of rule.targets.values()) {
      if (!(arrival.forwarded && isBus(target.Arn))) {
        this.world.later(0, () => this.attempt({ rule, target, event, arrivedAt, retries: 0 }));
      }
    }
  }

  private archive(bus: Bus, event: BusRecord): void {
    for (const archive of this.buses.regions.at(bus.site).archives.values()) {
      const wanted = archive.sourceArn === bus.arn && (!archive.pattern || matchesEventPattern(archive.pattern, event));
      if (wanted && event['replay-name'] === undefined) {
        archive.events.push(event);
      }
    }
  }

  private async attempt(attempt: Attempt): Promise<void> {
    const { rule, target, event } = attempt;
    try {
      const ingestionTime = new Date(attempt.arrivedAt).toISOString();
      const input = targetInput(target, event, { arn: rule.arn, name: rule.name, ingestionTime });
      const caller = await this.callerFor(rule, target);
      await send(this.world, { rule, target, event, input, caller });
      await this.count(rule, { Invocations: 1 });
    } catch (error) {
      await this.failed(attempt, failureOf(error));
    }
  }

  private async callerFor(rule: Rule, target: Target): Promise<Caller> {
    const { accountId, region } = rule.site;
    const service = this.world.serviceCaller('events.amazonaws.com', { accountId, arn: rule.arn });
    if (target.RoleArn) {
      return this.world.assumeRole(target.RoleArn, `events-${rule.name}`.slice(0, 64), service, region);
    }
    // Without a role, one bus speaks to another in the name of the account that it belongs to.
    return isBus(target.Arn)
      ? { kind: 'root', accountId, arn: `arn:${this.world.partition}:iam::${accountId}:root`, userId: accountId }
      : service;
  }

  private count(rule: Rule, values: Record<string, number>): Promise<void> {
    return putServiceMetrics(this.world, rule.site, 'AWS/Events', { RuleName: rule.name }, values);
  }

  private async failed(attempt: Attempt, failure: Failure): Promise<void> {
    const policy = attempt.target.RetryPolicy ?? {};
    const age = (this.world.now().getTime() - attempt.arrivedAt) / 1000;
    const tooOften = attempt.retries >= (policy.MaximumRetryAttempts ?? defaultAttempts);
    const tooOld = age >= (policy.MaximumEventAgeInSeconds ?? defaultAgeSeconds);
    if (failure.retryable && !tooOften && !tooOld) {
      const pause = Math.min(longestPause, 1000 * 2 ** attempt.retries) * (0.5 + Math.random() / 2);
      afterwards(this.world, pause, () => this.attempt({ ...attempt, retries: attempt.retries + 1 }));
      return;
    }
    const exhausted = tooOften ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds';
    await this.bury(attempt, failure, failure.retryable ? exhausted : undefined);
  }

  /** Puts the event in the target's dead-letter queue; without one, or without permission, it is lost. */
  private async bury(attempt: Attempt, failure: Failure, exhausted: string | undefined): Promise<void> {
    const { rule, target, event, retries } = attempt;
    await this.count(rule, { FailedInvocations: 1 });
    const queue = parseArn(target.DeadLetterConfig?.Arn);
    if (!queue) {
      return;
    }
    const source = { accountId: rule.site.accountId, arn: rule.arn };
    const caller = this.world.serviceCaller('events.amazonaws.com', source);
    const message = deadLetter(queue, event, { rule: rule.arn, target: target.Arn ?? '', failure, exhausted, retries });
    try {
      await this.world.call('sqs', 'SendMessage', message, {
        caller,
        region: queue.region,
        accountId: queue.accountId,
      });
      await this.count(rule, { InvocationsSentToDlq: 1 });
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
    }
  }
}

function isBus(arn: string | undefined): boolean {
  const parsed = parseArn(arn);
  return parsed?.service === 'events' && parsed.resource.startsWith('event-bus/');
}

/** Rules in the state ENABLED do not see management events that only read. */
function admits(rule: Rule, event: BusRecord): boolean {
  if (rule.state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS') {
    return true;
  }
  const detail = event.detail as { readOnly?: unknown; managementEvent?: unknown; eventVersion?: unknown } | null;
  const fromTrail = event.source.startsWith('aws.') && event['detail-type'].endsWith('via CloudTrail');
  return !(fromTrail && detail?.readOnly === true && detail.managementEvent !== false);
}
