import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, document, orUndo, pick } from '../values';

async function settings(context: ResourceContext, KeyId: string, after: ValueMap, before: ValueMap): Promise<void> {
  if (differs(before, after, ['EnableKeyRotation', 'RotationPeriodInDays'])) {
    await (after.EnableKeyRotation === true
      ? context.call('kms', 'EnableKeyRotation', { KeyId, RotationPeriodInDays: after.RotationPeriodInDays })
      : context.call('kms', 'DisableKeyRotation', { KeyId }));
  }
  if ((before.Enabled ?? true) !== (after.Enabled ?? true)) {
    await context.call('kms', after.Enabled === false ? 'DisableKey' : 'EnableKey', { KeyId });
  }
}

/** KMS has names of its own for the parts of a tag. */
function kmsTags(tags: readonly { Key: string; Value: string }[]) {
  return tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
}

/** AWS::KMS::Key */
export const key: ResourceProvider = {
  async create(context, properties) {
    const tags = kmsTags(context.tags(properties.Tags));
    const { KeyMetadata } = await context.call<{ KeyMetadata: { KeyId: string; Arn: string } }>('kms', 'CreateKey', {
      ...pick(properties, ['Description', 'KeyUsage', 'KeySpec', 'MultiRegion', 'Origin']),
      BypassPolicyLockoutSafetyCheck: properties.BypassPolicyLockoutSafetyCheck,
      Policy: document(properties.KeyPolicy),
      Tags: tags.length === 0 ? undefined : tags,
    });
    const { KeyId, Arn } = KeyMetadata;
    await orUndo(
      () =>
        settings(
          context,
          KeyId,
          properties,
          properties.EnableKeyRotation === true ? {} : pick(properties, ['EnableKeyRotation', 'RotationPeriodInDays']),
        ),
      () => context.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }),
    );
    return { physicalId: KeyId, attributes: { Arn, KeyId } };
  },
  async update(context, KeyId, after, before) {
    if (differs(before, after, ['KeyPolicy'])) {
      const Policy = document(after.KeyPolicy);
      await context.call('kms', 'PutKeyPolicy', { KeyId, PolicyName: 'default', Policy });
    }
    if (differs(before, after, ['Description'])) {
      await context.call('kms', 'UpdateKeyDescription', { KeyId, Description: after.Description ?? '' });
    }
    await settings(context, KeyId, after, before);
    const tags = context.tagChanges(before.Tags, after.Tags);
    if (tags.set.length > 0) {
      await context.call('kms', 'TagResource', { KeyId, Tags: kmsTags(tags.set) });
    }
    if (tags.remove.length > 0) {
      await context.call('kms', 'UntagResource', { KeyId, TagKeys: tags.remove });
    }
    return undefined;
  },
  replaces: (before, after) => differs(before, after, ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin']),
  delete: (context, KeyId, { PendingWindowInDays = 30 }) =>
    ifThere(() => context.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays })),
};

/** AWS::KMS::Alias */
export const kmsAlias: ResourceProvider = {
  async create(context, { AliasName, TargetKeyId }) {
    await context.call('kms', 'CreateAlias', { AliasName, TargetKeyId });
    return { physicalId: String(AliasName) };
  },
  async update(context, AliasName, { TargetKeyId }) {
    await context.call('kms', 'UpdateAlias', { AliasName, TargetKeyId });
    return undefined;
  },
  delete: (context, AliasName) => ifThere(() => context.call('kms', 'DeleteAlias', { AliasName })),
};
