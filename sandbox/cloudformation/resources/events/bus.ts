import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, document, isSet, map, orUndo, pick, tagsOrNone, text } from '../values';

/** AWS::Events::EventBus */
export const eventBus: ResourceProvider = {
  async create(context, properties) {
    const Name = String(properties.Name);
    const { EventBusArn: Arn } = await context.call<{ EventBusArn: string }>('events', 'CreateEventBus', {
      ...pick(properties, [
        'Name',
        'EventSourceName',
        'Description',
        'KmsKeyIdentifier',
        'DeadLetterConfig',
        'LogConfig',
      ]),
      Tags: tagsOrNone(context.tags(properties.Tags)),
    });
    if (properties.Policy !== undefined) {
      await orUndo(
        () => context.call('events', 'PutPermission', { EventBusName: Name, Policy: document(properties.Policy) }),
        () => context.call('events', 'DeleteEventBus', { Name }),
      );
    }
    return { physicalId: Name, attributes: { Arn, Name } };
  },
  async update(context, Name, after, before) {
    const settings = ['Description', 'KmsKeyIdentifier', 'DeadLetterConfig', 'LogConfig'];
    if (differs(before, after, settings)) {
      await context.call('events', 'UpdateEventBus', { Name, ...pick(after, settings) });
    }
    if (differs(before, after, ['Policy'])) {
      await (isSet(after.Policy)
        ? context.call('events', 'PutPermission', { EventBusName: Name, Policy: document(after.Policy) })
        : context.call('events', 'RemovePermission', { EventBusName: Name, RemoveAllPermissions: true }));
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    const ResourceARN = context.arn('events', `event-bus/${Name}`);
    if (tags.set.length > 0) {
      await context.call('events', 'TagResource', { ResourceARN, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('events', 'UntagResource', { ResourceARN, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, Name) => ifThere(() => context.call('events', 'DeleteEventBus', { Name })),
};

interface PolicyDocument {
  Version?: string;
  Statement?: ValueMap[];
}

/** Changes of one bus's policy go one after the other: each reads it before it writes. */
const turns = new WeakMap<object, Map<string, Promise<unknown>>>();

function inTurn<T>(context: ResourceContext, bus: string, work: () => Promise<T>): Promise<T> {
  const queues = turns.get(context.world) ?? new Map<string, Promise<unknown>>();
  turns.set(context.world, queues);
  const key = context.arn('events', `event-bus/${bus}`);
  const turn = (queues.get(key) ?? Promise.resolve()).then(work, work);
  queues.set(
    key,
    turn.catch(() => {}),
  );
  return turn;
}

async function addStatement(context: ResourceContext, bus: string, statement: ValueMap): Promise<void> {
  const { Policy } = await context.call<{ Policy?: string }>('events', 'DescribeEventBus', { Name: bus });
  const known = Policy ? (JSON.parse(Policy) as PolicyDocument) : {};
  const others = [known.Statement ?? []].flat().filter((each) => each.Sid !== statement.Sid);
  const whole = { Version: '2012-10-17', Statement: [...others, statement] };
  await context.call('events', 'PutPermission', { EventBusName: bus, Policy: JSON.stringify(whole) });
}

async function put(context: ResourceContext, properties: ValueMap): Promise<void> {
  const bus = text(properties.EventBusName) ?? 'default';
  const { StatementId } = properties;
  if (properties.Statement !== undefined) {
    const given =
      typeof properties.Statement === 'string' ? JSON.parse(properties.Statement) : map(properties.Statement);
    await inTurn(context, bus, () => addStatement(context, bus, { ...given, Sid: StatementId ?? null }));
    return;
  }
  const { Action, Principal, Condition } = properties;
  await inTurn(context, bus, () =>
    context.call('events', 'PutPermission', { EventBusName: bus, StatementId, Action, Principal, Condition }),
  );
}

/** AWS::Events::EventBusPolicy: one statement of a bus's policy. */
export const eventBusPolicy: ResourceProvider = {
  async create(context, properties) {
    await put(context, properties);
    return { physicalId: `${text(properties.EventBusName) ?? 'default'}|${properties.StatementId}` };
  },
  async update(context, _physicalId, after) {
    await put(context, after);
    return undefined;
  },
  delete: (context, _physicalId, { EventBusName = 'default', StatementId }) =>
    inTurn(context, String(EventBusName), () =>
      ifThere(() => context.call('events', 'RemovePermission', { EventBusName, StatementId })),
    ),
};

/** AWS::Events::Archive */
export const archive: ResourceProvider = {
  async create(context, properties) {
    const ArchiveName = text(properties.ArchiveName) ?? context.generateName(48);
    const { ArchiveArn: Arn } = await context.call<{ ArchiveArn: string }>('events', 'CreateArchive', {
      ArchiveName,
      EventSourceArn: properties.SourceArn,
      EventPattern: document(properties.EventPattern),
      ...pick(properties, ['Description', 'RetentionDays', 'KmsKeyIdentifier']),
    });
    return { physicalId: ArchiveName, attributes: { Arn, ArchiveName } };
  },
  async update(context, ArchiveName, after) {
    await context.call('events', 'UpdateArchive', {
      ArchiveName,
      EventPattern: document(after.EventPattern),
      ...pick(after, ['Description', 'RetentionDays', 'KmsKeyIdentifier']),
    });
    return undefined;
  },
  delete: (context, ArchiveName) => ifThere(() => context.call('events', 'DeleteArchive', { ArchiveName })),
};
