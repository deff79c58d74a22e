import { ServiceError } from '../../../core/errors';
import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, document, maps, orUndo, pick, tagsOrNone, text } from '../values';

interface FailedEntries {
  FailedEntries?: { TargetId?: string; ErrorCode?: string; ErrorMessage?: string }[];
}

/** @throws ServiceError of the first entry that failed */
function checkEntries({ FailedEntries = [] }: FailedEntries): void {
  const [first] = FailedEntries;
  if (first) {
    throw new ServiceError(
      first.ErrorCode ?? 'ValidationException',
      first.ErrorMessage ?? 'A target was refused.',
      400,
    );
  }
}

/** A bus may be given by its ARN; rules of the default bus go by their name alone. */
function busOf(properties: ValueMap): string | undefined {
  return text(properties.EventBusName)?.replace(/^arn:.*event-bus\//, '');
}

function nameOf(physicalId: string): string {
  return physicalId.slice(physicalId.indexOf('|') + 1);
}

async function putRule(context: ResourceContext, Name: string, properties: ValueMap, tags: boolean): Promise<string> {
  const answer = await context.call<{ RuleArn: string }>('events', 'PutRule', {
    Name,
    EventBusName: properties.EventBusName,
    EventPattern: document(properties.EventPattern),
    ...pick(properties, ['Description', 'RoleArn', 'ScheduleExpression', 'State']),
    Tags: tags ? tagsOrNone(context.tags(properties.Tags)) : undefined,
  });
  return answer.RuleArn;
}

async function putTargets(context: ResourceContext, Rule: string, after: ValueMap, before: ValueMap): Promise<void> {
  const { EventBusName } = after;
  const targets = maps(after.Targets);
  const kept = targets.map((target) => target.Id);
  const gone = maps(before.Targets).filter((target) => !kept.includes(target.Id));
  if (gone.length > 0) {
    const Ids = gone.map((target) => String(target.Id));
    checkEntries(await context.call('events', 'RemoveTargets', { Rule, EventBusName, Ids }));
  }
  for (let start = 0; start < targets.length && differs(before, after, ['Targets']); start += 10) {
    const Targets = targets.slice(start, start + 10);
    checkEntries(await context.call('events', 'PutTargets', { Rule, EventBusName, Targets }));
  }
}

async function remove(context: ResourceContext, physicalId: string, properties: ValueMap): Promise<void> {
  const [Name, EventBusName] = [nameOf(physicalId), properties.EventBusName];
  const Ids = maps(properties.Targets).map((target) => String(target.Id));
  await ifThere(async () => {
    if (Ids.length > 0) {
      await context.call('events', 'RemoveTargets', { Rule: Name, EventBusName, Ids });
    }
    await context.call('events', 'DeleteRule', { Name, EventBusName });
  });
}

/** AWS::Events::Rule */
export const rule: ResourceProvider = {
  async create(context, properties) {
    const name = text(properties.Name) ?? context.generateName(64);
    const Arn = await putRule(context, name, properties, true);
    const bus = busOf(properties);
    const physicalId = bus === undefined || bus === 'default' ? name : `${bus}|${name}`;
    await orUndo(
      () => putTargets(context, name, properties, {}),
      () => remove(context, physicalId, properties),
    );
    return { physicalId, attributes: { Arn } };
  },
  async update(context, physicalId, after, before) {
    const name = nameOf(physicalId);
    if (differs(before, after, ['EventPattern', 'Description', 'RoleArn', 'ScheduleExpression', 'State'])) {
      await putRule(context, name, after, false);
    }
    await putTargets(context, name, after, before);
    const tags = context.tagChanges(before.Tags, after.Tags);
    const bus = busOf(after);
    const ResourceARN = context.arn('events', `rule/${bus === undefined || bus === 'default' ? '' : `${bus}/`}${name}`);
    if (tags.set.length > 0) {
      await context.call('events', 'TagResource', { ResourceARN, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('events', 'UntagResource', { ResourceARN, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: remove,
  replaces: (before, after) => differs(before, after, ['EventBusName']),
  async read(context, physicalId, { EventBusName }) {
    const Name = nameOf(physicalId);
    const found = await context.call<ValueMap>('events', 'DescribeRule', { Name, EventBusName });
    const { Targets = [] } = await context.call<{ Targets?: ValueMap[] }>('events', 'ListTargetsByRule', {
      Rule: Name,
      EventBusName,
    });
    return {
      ...pick(found, ['Description', 'RoleArn', 'ScheduleExpression', 'State']),
      Name,
      ...(typeof found.EventPattern === 'string' ? { EventPattern: JSON.parse(found.EventPattern) } : {}),
      Targets,
    };
  },
};
