import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DisableRuleRequest,
  ListRuleNamesByTargetRequest,
  ListRulesRequest,
  PutRuleRequest,
  TestEventPatternRequest,
} from '@aws-sdk/client-eventbridge';
import { type EventPattern, matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import { setTags, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { parseSchedule } from './schedule';
import { type Bus, type Buses, invalid, notFound, type Rule, type RuleState } from './state';

const states: readonly string[] = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
const ruleLimit = 300;
const patternLimit = 4096;

/** @throws ServiceError `InvalidEventPatternException` */
export function readPattern(text: string): EventPattern {
  if (text.length > patternLimit) {
    throw new ServiceError('LimitExceededException', `The event pattern is longer than ${patternLimit} characters.`);
  }
  try {
    return parseEventPattern(text);
  } catch (error) {
    // The parser's text is the service's own.
    throw new ServiceError('InvalidEventPatternException', error instanceof Error ? error.message : String(error));
  }
}

function checkRule(input: PutRuleRequest, bus: Bus): RuleState {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name ?? '')) {
    throw invalid(
      `1 validation error detected: Value '${input.Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    );
  }
  if (!input.EventPattern && !input.ScheduleExpression) {
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (input.ScheduleExpression && bus.name !== 'default') {
    throw invalid('ScheduleExpression is supported only on the default event bus.');
  }
  if (input.ScheduleExpression && !parseSchedule(input.ScheduleExpression)) {
    throw invalid('Parameter ScheduleExpression is not valid.');
  }
  const state = input.State ?? 'ENABLED';
  if (!states.includes(state)) {
    throw invalid(
      `1 validation error detected: Value '${state}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [${states.join(', ')}]`,
    );
  }
  if (input.ScheduleExpression && state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS') {
    throw invalid('The state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS is not supported for scheduled rules.');
  }
  return state as RuleState;
}

function putRule(buses: Buses, onChange: (rule: Rule) => void): Handler {
  return (input: PutRuleRequest, context) => {
    const bus = buses.at(input.EventBusName, context);
    const state = checkRule(input, bus);
    const name = input.Name ?? '';
    const pattern = input.EventPattern ? readPattern(input.EventPattern) : undefined;
    if (!bus.rules.has(name) && bus.rules.size >= ruleLimit) {
      throw new ServiceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    }
    const path = bus.name === 'default' ? name : `${bus.name}/${name}`;
    const rule: Rule = bus.rules.get(name) ?? {
      name,
      arn: `arn:${context.world.partition}:events:${bus.site.region}:${bus.site.accountId}:rule/${path}`,
      site: bus.site,
      busName: bus.name,
      targets: new Map(),
      tags: tagsFrom(input.Tags),
      createdBy: context.accountId,
      state,
    };
    if (!bus.rules.has(name)) {
      setTags(rule.tags, input.Tags);
    }
    // PutRule replaces the whole rule: what is not given is gone.
    rule.pattern = pattern;
    rule.patternText = input.EventPattern;
    rule.schedule = input.ScheduleExpression;
    rule.description = input.Description;
    rule.roleArn = input.RoleArn;
    rule.state = state;
    bus.rules.set(name, rule);
    onChange(rule);
    return { RuleArn: rule.arn };
  };
}

function described(rule: Rule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.patternText,
    ScheduleExpression: rule.schedule,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    ManagedBy: rule.managedBy,
    EventBusName: rule.busName,
  };
}

const byName = (a: Rule, b: Rule) => (a.name < b.name ? -1 : 1);

/** Operations on rules; `onChange` hears of each rule that was put, enabled, disabled or deleted. */
export function ruleOperations(buses: Buses, onChange: (rule: Rule) => void): Record<string, Handler> {
  const setState =
    (state: RuleState): Handler =>
    (input: DisableRuleRequest, context) => {
      const rule = buses.rule(input.Name, input.EventBusName, context);
      rule.state = state;
      onChange(rule);
    };
  return {
    PutRule: putRule(buses, onChange),
    DescribeRule: (input: DescribeRuleRequest, context) => {
      const rule = buses.rule(input.Name, input.EventBusName, context);
      return { ...described(rule), CreatedBy: rule.createdBy };
    },
    EnableRule: setState('ENABLED'),
    DisableRule: setState('DISABLED'),
    DeleteRule: (input: DeleteRuleRequest, context) => {
      const bus = buses.at(input.EventBusName, context);
      const rule = bus.rules.get(input.Name ?? '');
      if (!rule) {
        return;
      }
      if (rule.targets.size > 0) {
        throw invalid("Rule can't be deleted since it has targets.");
      }
      bus.rules.delete(rule.name);
      onChange({ ...rule, state: 'DISABLED' });
    },
    ListRules: (input: ListRulesRequest, context) => {
      const rules = [...buses.at(input.EventBusName, context).rules.values()]
        .filter((rule) => rule.name.startsWith(input.NamePrefix ?? ''))
        .sort(byName);
      const page = paginate(rules, { token: input.NextToken, size: input.Limit, maximum: 100 });
      return { Rules: page.items.map(described), NextToken: page.nextToken };
    },
    ListRuleNamesByTarget: (input: ListRuleNamesByTargetRequest, context) => {
      const rules = [...buses.at(input.EventBusName, context).rules.values()].sort(byName);
      const names = rules
        .filter((rule) => [...rule.targets.values()].some((target) => target.Arn === input.TargetArn))
        .map((rule) => rule.name);
      const page = paginate(names, { token: input.NextToken, size: input.Limit, maximum: 100 });
      return { RuleNames: page.items, NextToken: page.nextToken };
    },
    TestEventPattern: (input: TestEventPatternRequest) => {
      const pattern = readPattern(input.EventPattern ?? '');
      return { Result: matchesEventPattern(pattern, readTestEvent(input.Event ?? '')) };
    },
    ...tagOperations(buses),
  };
}

function readTestEvent(text: string): unknown {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw invalid('Parameter Event is not valid. Reason: Event is not valid JSON.');
  }
  for (const field of ['id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail']) {
    if (field !== 'detail' && typeof event === 'object' && event !== null && event[field] === undefined) {
      throw invalid(`Parameter Event is not valid. Reason: Event must contain a "${field}" field.`);
    }
  }
  return event;
}

function tagOperations(buses: Buses): Record<string, Handler> {
  const tagsOf = (arn: string | undefined) => {
    const parts = (arn ?? '').split(':');
    const site = { region: parts[3] ?? '', accountId: parts[4] ?? '' };
    const [kind, ...path] = (parts[5] ?? '').split('/');
    const ruleName = path.pop() ?? '';
    const bus = kind === 'event-bus' ? buses.find(ruleName, site) : buses.find(path[0] ?? 'default', site);
    const tags = kind === 'event-bus' ? bus?.tags : bus?.rules.get(ruleName)?.tags;
    if (!tags) {
      throw notFound(`${kind === 'rule' ? 'Rule' : 'Event bus'} ${ruleName} does not exist.`);
    }
    return tags;
  };
  return {
    TagResource: (input) => {
      setTags(tagsOf(input.ResourceARN), input.Tags);
      return {};
    },
    UntagResource: (input) => {
      const tags = tagsOf(input.ResourceARN);
      for (const key of input.TagKeys ?? []) {
        tags.delete(key);
      }
      return {};
    },
    ListTagsForResource: (input) => ({
      Tags: [...tagsOf(input.ResourceARN)].map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}
