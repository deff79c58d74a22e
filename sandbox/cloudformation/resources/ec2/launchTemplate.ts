import type { ValueMap } from '../../template/model';
import { randomName } from '../context';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, maps, pick, tagsOrNone, text } from '../values';
import { changeTags, ec2, first, unlessGone } from './shared';

/** The tags of the template itself; those of what it launches are part of its data. */
function ownTags(properties: ValueMap) {
  return maps(properties.TagSpecifications).find((one) => one.ResourceType === 'launch-template')?.Tags;
}

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeLaunchTemplates', { LaunchTemplateIds: [id] }), 'LaunchTemplates');
}

/** Version numbers are text in templates. */
function provided(template: ValueMap): ProvidedResource {
  const id = String(template.LaunchTemplateId);
  return {
    physicalId: id,
    attributes: {
      LaunchTemplateId: id,
      DefaultVersionNumber: String(template.DefaultVersionNumber),
      LatestVersionNumber: String(template.LatestVersionNumber),
    },
  };
}

/** AWS::EC2::LaunchTemplate: new data is a new version, and the default stays where it is. */
export const launchTemplate: ResourceProvider = {
  async create(context, properties) {
    const Tags = tagsOrNone(context.tags(ownTags(properties)));
    const made = await ec2(context, 'CreateLaunchTemplate', {
      LaunchTemplateName: text(properties.LaunchTemplateName) ?? `${context.logicalId}_${randomName(12)}`,
      ...pick(properties, ['LaunchTemplateData', 'VersionDescription']),
      TagSpecifications: Tags && [{ ResourceType: 'launch-template', Tags }],
    });
    return provided(made.LaunchTemplate as ValueMap);
  },
  async update(context, id, after, before) {
    const members = ['LaunchTemplateData', 'VersionDescription'];
    if (differs(before, after, members)) {
      await ec2(context, 'CreateLaunchTemplateVersion', { LaunchTemplateId: id, ...pick(after, members) });
    }
    await changeTags(context, id, ownTags(after), ownTags(before));
    return provided(await found(context, id));
  },
  delete: (context, LaunchTemplateId) => ifThere(() => ec2(context, 'DeleteLaunchTemplate', { LaunchTemplateId })),
  read: (context, id) => unlessGone(async () => pick(await found(context, id), ['LaunchTemplateName'])),
  adopt: async (context, identifier) => provided(await found(context, identifier.LaunchTemplateId ?? '')),
};
