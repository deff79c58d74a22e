import { randomUUID } from 'node:crypto';
import * as schemas from '@aws-sdk/client-eventbridge';
import type { Handler, ServiceFactory } from '../core/service';
import type { BusEvent } from '../core/world';
import { archiveOperations } from './archives';
import { authorization, forwardRequests } from './authorization';
import { busOperations } from './buses';
import { Deliverer } from './delivery';
import { eventTime, putEvents } from './entries';
import { ruleOperations } from './rules';
import { Scheduler } from './scheduler';
import { Buses, type BusRecord } from './state';
import { targetOperations } from './targets';

/** Operations that only services inside the sandbox can call: they have no schema, so no request names them. */
function internalOperations(buses: Buses, deliverer: Deliverer): Record<string, Handler> {
  return {
    // An AWS service puts an event of its own on an account's default bus.
    EmitServiceEvent: (input: { event: BusEvent }, context) => {
      const { event } = input;
      const record: BusRecord = {
        version: '0',
        id: randomUUID(),
        'detail-type': event['detail-type'],
        source: event.source,
        account: context.accountId,
        time: eventTime(event.time ?? context.world.now()),
        region: context.region,
        resources: event.resources ?? [],
        detail: event.detail,
      };
      deliverer.arrive(buses.at('default', context), record);
      return { EventId: record.id };
    },
    // A rule passes an event on to another bus: the event stays what it was.
    ForwardEvent: (input: { BusArn: string; RuleArn: string; Event: BusRecord }, context) => {
      context.authorize(forwardRequests(buses, input));
      deliverer.arrive(buses.at(input.BusArn, context), input.Event, { forwarded: true });
      return {};
    },
  };
}

/**
 * Amazon EventBridge: buses, rules, targets, bus policies, archives and schedules.
 * Events are delivered: through rules to queues, functions, topics, log groups and other buses.
 */
export const createEventBridge: ServiceFactory = (world) => {
  const buses = new Buses(world);
  const deliverer = new Deliverer(world, buses);
  const scheduler = new Scheduler(world, deliverer);
  return {
    signingNames: ['events'],
    schemas,
    operations: {
      ...busOperations(buses),
      ...ruleOperations(buses, (rule) => scheduler.update(rule)),
      ...targetOperations(buses),
      ...archiveOperations(buses, deliverer),
      PutEvents: putEvents(buses, deliverer),
      ...internalOperations(buses, deliverer),
    },
    authorize: (operation, input, context) => authorization(buses, operation, input, context),
    listens: (at) => {
      const region = buses.regions.at(at);
      const armed = [...(region.buses.get('default')?.rules.values() ?? [])].some((rule) => rule.pattern);
      return armed || region.archives.size > 0;
    },
    close: () => scheduler.close(),
  };
};
