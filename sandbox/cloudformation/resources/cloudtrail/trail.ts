import type { ValueMap } from '../../template/model';
import { ifThere, isGone } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, orUndo, pick, text } from '../values';

const settings = [
  'S3BucketName',
  'S3KeyPrefix',
  'SnsTopicName',
  'IncludeGlobalServiceEvents',
  'IsMultiRegionTrail',
  'EnableLogFileValidation',
  'CloudWatchLogsLogGroupArn',
  'CloudWatchLogsRoleArn',
  'KMSKeyId',
  'IsOrganizationTrail',
];

function settingsOf(properties: ValueMap): ValueMap {
  const { KMSKeyId, ...rest } = pick(properties, settings);
  return KMSKeyId === undefined ? rest : { ...rest, KmsKeyId: KMSKeyId };
}

/** Selectors and the switch: they are calls of their own. */
async function apply(context: ResourceContext, name: string, after: ValueMap, before: ValueMap): Promise<void> {
  const selectors = pick(after, ['EventSelectors', 'AdvancedEventSelectors']);
  if (differs(before, after, ['EventSelectors', 'AdvancedEventSelectors']) && Object.keys(selectors).length > 0) {
    await context.call('cloudtrail', 'PutEventSelectors', { TrailName: name, ...selectors });
  }
  if (differs(before, after, ['InsightSelectors'])) {
    const InsightSelectors = after.InsightSelectors ?? [];
    await context.call('cloudtrail', 'PutInsightSelectors', { TrailName: name, InsightSelectors });
  }
  if (differs(before, after, ['IsLogging'])) {
    await context.call('cloudtrail', after.IsLogging ? 'StartLogging' : 'StopLogging', { Name: name });
  }
}

function provided(trail: ValueMap): ProvidedResource {
  return {
    physicalId: String(trail.Name),
    attributes: { Arn: trail.TrailARN ?? '', SnsTopicArn: trail.SnsTopicARN ?? '' },
  };
}

async function changeTags(context: ResourceContext, arn: string, after: ValueMap, before: ValueMap): Promise<void> {
  const tags = context.tagChanges(before.Tags, after.Tags);
  if (tags.set.length > 0) {
    await context.call('cloudtrail', 'AddTags', { ResourceId: arn, TagsList: tags.set });
  }
  if (tags.remove.length > 0) {
    const TagsList = tags.remove.map((Key) => ({ Key }));
    await context.call('cloudtrail', 'RemoveTags', { ResourceId: arn, TagsList });
  }
}

/** AWS::CloudTrail::Trail */
export const trail: ResourceProvider = {
  async create(context, properties) {
    const Name = text(properties.TrailName) ?? context.generateName(128);
    const TagsList = context.tags(properties.Tags);
    const input = { Name, ...settingsOf(properties), ...(TagsList.length > 0 ? { TagsList } : {}) };
    const made = await context.call<ValueMap>('cloudtrail', 'CreateTrail', input);
    await orUndo(
      () => apply(context, Name, properties, { IsLogging: false }),
      () => context.call('cloudtrail', 'DeleteTrail', { Name }),
    );
    return provided(made);
  },
  async update(context, Name, after, before) {
    const changed = await context.call<ValueMap>('cloudtrail', 'UpdateTrail', { Name, ...settingsOf(after) });
    await apply(context, Name, after, before);
    await changeTags(context, String(changed.TrailARN), after, before);
    return provided(changed);
  },
  delete: (context, Name) => ifThere(() => context.call('cloudtrail', 'DeleteTrail', { Name })),
  async read(context, Name) {
    try {
      const { Trail } = await context.call<{ Trail: ValueMap }>('cloudtrail', 'GetTrail', { Name });
      const { IsLogging } = await context.call<ValueMap>('cloudtrail', 'GetTrailStatus', { Name: Trail.TrailARN });
      return {
        TrailName: Trail.Name ?? null,
        S3BucketName: Trail.S3BucketName ?? null,
        IncludeGlobalServiceEvents: Trail.IncludeGlobalServiceEvents ?? null,
        IsMultiRegionTrail: Trail.IsMultiRegionTrail ?? null,
        EnableLogFileValidation: Trail.LogFileValidationEnabled ?? null,
        IsOrganizationTrail: Trail.IsOrganizationTrail ?? null,
        IsLogging: IsLogging ?? null,
      };
    } catch (error) {
      if (isGone(error)) {
        return undefined;
      }
      throw error;
    }
  },
  async adopt(context, identifier) {
    const Name = identifier.TrailName ?? '';
    const { Trail } = await context.call<{ Trail: ValueMap }>('cloudtrail', 'GetTrail', { Name });
    return provided(Trail);
  },
};
