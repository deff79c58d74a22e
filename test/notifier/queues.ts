import { findingEvent } from './corpus';
import { AlertQueue } from './queue';
import { contextOf } from './settings';
import type { SlackServer } from './slackServer';

/** The queue of a notifier with a webhook. */
export function webhookQueueFor(slack: SlackServer, notifier: object = {}): AlertQueue {
  const queue = new AlertQueue(contextOf({ minimumSeverity: 1, ...notifier }));
  queue.secret = slack.webhook;
  return queue;
}

/** The queue of a notifier with a bot token. */
export function botQueueFor(slack: SlackServer, notifier: object = {}): AlertQueue {
  const slackConfig = {
    botToken: { parameter: '/slack/token' },
    channel: 'C0ALERTS',
    apiUrl: slack.apiUrl,
    mention: 'here',
  };
  const queue = new AlertQueue(contextOf({ minimumSeverity: 1, slack: slackConfig, ...notifier }));
  queue.secret = 'xoxb-first';
  return queue;
}

/** A finding of its own resource, so that it is nobody's repeat. */
export function distinct(number: number, overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return findingEvent({
    id: `finding-${number}`,
    title: `Finding number ${number}.`,
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: `i-${number}` } },
    ...overrides,
  });
}

/** The same finding, seen again. */
export function again(count: number, overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const event = findingEvent(overrides) as { detail: { service: object } };
  return {
    ...event,
    detail: {
      ...event.detail,
      updatedAt: `2026-11-20T11:${String(count % 60).padStart(2, '0')}:00.000Z`,
      service: { ...event.detail.service, count },
    },
  };
}

/** 0 and up. */
export const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
