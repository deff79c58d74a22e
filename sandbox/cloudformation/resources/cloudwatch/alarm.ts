import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { tagsOrNone, text } from '../values';

async function put(context: ResourceContext, AlarmName: string, properties: ValueMap, create: boolean): Promise<void> {
  const { Tags, AlarmName: _name, ...alarm } = properties;
  const tags = create ? tagsOrNone(context.tags(Tags)) : undefined;
  await context.call('monitoring', 'PutMetricAlarm', { ...alarm, AlarmName, Tags: tags });
}

/** AWS::CloudWatch::Alarm */
export const alarm: ResourceProvider = {
  async create(context, properties) {
    const name = text(properties.AlarmName) ?? context.generateName(255);
    await put(context, name, properties, true);
    return { physicalId: name, attributes: { Arn: context.arn('cloudwatch', `alarm:${name}`) } };
  },
  async update(context, name, after, before) {
    await put(context, name, after, false);
    const tags = context.tagChanges(before.Tags, after.Tags);
    const ResourceARN = context.arn('cloudwatch', `alarm:${name}`);
    if (tags.set.length > 0) {
      await context.call('monitoring', 'TagResource', { ResourceARN, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('monitoring', 'UntagResource', { ResourceARN, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, name) => ifThere(() => context.call('monitoring', 'DeleteAlarms', { AlarmNames: [name] })),
};
