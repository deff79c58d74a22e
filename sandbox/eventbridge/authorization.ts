import type { PutEventsRequest, PutTargetsRequest, Target } from '@aws-sdk/client-eventbridge';
import { parseArn } from '../common/arn';
import { requestTagConditions, resourceTagConditions, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext } from '../core/service';
import type { Bus, Buses, BusRecord } from './state';

interface Input {
  Name?: string;
  Rule?: string;
  EventBusName?: string;
  ResourceARN?: string;
  Tags?: { Key?: string; Value?: string }[];
  RoleArn?: string;
}

const onBus = ['CreateEventBus', 'DeleteEventBus', 'DescribeEventBus', 'UpdateEventBus'];
const onRule = [
  'PutRule',
  'DescribeRule',
  'EnableRule',
  'DisableRule',
  'DeleteRule',
  'PutTargets',
  'RemoveTargets',
  'ListTargetsByRule',
];

function withBus(_buses: Buses, bus: Bus | undefined, request: AuthorizationRequest): AuthorizationRequest {
  return bus ? { ...request, resourcePolicy: bus.policy, resourceAccountId: bus.site.accountId } : request;
}

function busArn(buses: Buses, nameOrArn: string | undefined, context: CallContext): string {
  if (parseArn(nameOrArn)) {
    return nameOrArn ?? '';
  }
  return `arn:${buses.world.partition}:events:${context.region}:${context.accountId}:event-bus/${nameOrArn ?? 'default'}`;
}

function putEventsRequests(buses: Buses, input: PutEventsRequest, context: CallContext): AuthorizationRequest[] {
  const entries = input.Entries ?? [];
  const names = [...new Set(entries.map((entry) => entry.EventBusName))];
  return names.map((name) => {
    const own = entries.filter((entry) => entry.EventBusName === name);
    const conditions = {
      'events:source': own.map((entry) => entry.Source ?? ''),
      'events:detail-type': own.map((entry) => entry.DetailType ?? ''),
      'events:eventBusInvocation': 'false',
    };
    const resources = [busArn(buses, name, context)];
    return withBus(buses, buses.find(name, context), { action: 'events:PutEvents', resources, conditions });
  });
}

/** What a rule needs to pass an event on to another bus. */
export function forwardRequests(
  buses: Buses,
  input: { BusArn: string; RuleArn: string; Event: BusRecord },
): AuthorizationRequest[] {
  const conditions = {
    'events:source': input.Event.source,
    'events:detail-type': input.Event['detail-type'],
    'events:eventBusInvocation': 'true',
    'aws:SourceArn': input.RuleArn,
  };
  const request = { action: 'events:PutEvents', resources: [input.BusArn], conditions };
  const site = parseArn(input.BusArn);
  const target = site && buses.find(input.BusArn, site);
  return [
    withBus(buses, target, {
      ...request,
      resourceAccountId: site?.accountId,
    }),
  ];
}

/** `iam:PassRole` for every role that is handed to EventBridge. */
function passRoles(roles: readonly (string | undefined)[]): AuthorizationRequest[] {
  const given = [...new Set(roles.filter((role): role is string => role !== undefined))];
  return given.map((role) => ({
    action: 'iam:PassRole',
    resources: [role],
    conditions: { 'iam:PassedToService': 'events.amazonaws.com' },
  }));
}

function ruleRequests(buses: Buses, operation: string, input: Input, context: CallContext): AuthorizationRequest[] {
  const bus = buses.find(input.EventBusName, context);
  const name = input.Rule ?? input.Name ?? '';
  // IAM is asked before anybody looks whether there is such a bus.
  const busName = bus?.name ?? input.EventBusName?.split('/').at(-1) ?? 'default';
  const site = bus?.site ?? context;
  const path = busName === 'default' ? name : `${busName}/${name}`;
  const arn = `arn:${buses.world.partition}:events:${site.region}:${site.accountId}:rule/${path}`;
  const rule = bus?.rules.get(name);
  const targets = ((input as PutTargetsRequest).Targets ?? []) as Target[];
  const conditions = {
    ...requestTagConditions(tagsFrom(input.Tags)),
    ...resourceTagConditions(rule?.tags ?? new Map()),
    'events:creatorAccount': context.accountId,
    ...(targets.length > 0 ? { 'events:TargetArn': targets.map((target) => target.Arn ?? '') } : {}),
  };
  const request = withBus(buses, bus, { action: `events:${operation}`, resources: [arn], conditions });
  const roles = operation === 'PutTargets' ? targets.map((target) => target.RoleArn) : [];
  return [request, ...passRoles(operation === 'PutRule' ? [input.RoleArn] : roles)];
}

/** What each operation of EventBridge asks of IAM. */
export function authorization(
  buses: Buses,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const action = `events:${operation}`;
  if (operation === 'PutEvents') {
    return putEventsRequests(buses, given as PutEventsRequest, context);
  }
  if (onRule.includes(operation)) {
    return ruleRequests(buses, operation, input, context);
  }
  if (onBus.includes(operation)) {
    const resources = [busArn(buses, input.Name, context)];
    return [
      withBus(buses, buses.find(input.Name, context), {
        action,
        resources,
        conditions: requestTagConditions(tagsFrom(input.Tags)),
      }),
    ];
  }
  if (operation === 'ListRules' || operation === 'ListRuleNamesByTarget') {
    return [withBus(buses, buses.find(input.EventBusName, context), { action, resources: ['*'] })];
  }
  return [{ action, resources: [input.ResourceARN ?? '*'] }];
}
