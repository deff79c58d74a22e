import type { ValueMap } from '../../template/model';
import { randomName } from '../context';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, pick, text } from '../values';

const members = ['Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType', 'Policies'];

async function put(context: ResourceContext, Name: string, properties: ValueMap, Overwrite: boolean): Promise<void> {
  const tags = Overwrite ? [] : context.tags(properties.Tags);
  const Tags = tags.length === 0 ? undefined : tags;
  await context.call('ssm', 'PutParameter', { Name, ...pick(properties, members), Overwrite, Tags });
}

function described(name: string, properties: ValueMap) {
  return { physicalId: name, attributes: pick(properties, ['Type', 'Value']) };
}

/** AWS::SSM::Parameter */
export const parameter: ResourceProvider = {
  async create(context, properties) {
    const name = text(properties.Name) ?? `CFN-${context.logicalId}-${randomName(12)}`;
    await put(context, name, properties, false);
    return described(name, properties);
  },
  async update(context, name, after, before) {
    if (differs(before, after, members)) {
      await put(context, name, after, true);
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    const resource = { ResourceType: 'Parameter', ResourceId: name };
    if (tags.set.length > 0) {
      await context.call('ssm', 'AddTagsToResource', { ...resource, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('ssm', 'RemoveTagsFromResource', { ...resource, TagKeys: tags.remove });
    }
    return described(name, after);
  },
  delete: (context, Name) => ifThere(() => context.call('ssm', 'DeleteParameter', { Name })),
  async read(context, Name) {
    const { Parameter } = await context.call<{ Parameter: ValueMap }>('ssm', 'GetParameter', { Name });
    return { Name, Value: Parameter.Value ?? null, Type: Parameter.Type ?? null };
  },
  adopt: async (_context, identifier, properties) => described(identifier.Name ?? '', properties),
};
