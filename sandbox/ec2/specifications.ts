import type { TagSpecification } from '@aws-sdk/client-ec2';
import { type Tag, type Tags, tagsFrom } from '../common/tags';
import { ec2Error, invalidValue, missingParameter } from './errors';

/** @throws ServiceError `InvalidParameterValue`, `TagLimitExceeded` */
export function checkTags(tags: readonly Tag[], total = tags.length): void {
  for (const { Key = '', Value = '' } of tags) {
    if (Key.startsWith('aws:')) {
      throw ec2Error('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
    }
    if (Key === '') {
      throw missingParameter('Tag.Key');
    }
    if (Key.length > 127) {
      throw ec2Error('InvalidParameterValue', `Tag key exceeds the maximum length of 127 characters`);
    }
    if (Value.length > 255) {
      throw ec2Error('InvalidParameterValue', `Tag value exceeds the maximum length of 255 characters`);
    }
  }
  const keys = tags.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) {
    throw ec2Error(
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  if (total > 50) {
    throw ec2Error('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
}

/**
 * The tags that a request gives to what it makes.
 *
 * @param made the types of resources that the operation can tag
 * @throws ServiceError `InvalidParameterValue` for another type
 */
export function tagsOf(
  specifications: readonly TagSpecification[] | undefined,
  type: string,
  made: readonly string[] = [type],
): Tags {
  for (const { ResourceType, Tags } of specifications ?? []) {
    if (ResourceType === undefined) {
      throw ec2Error('InvalidParameter', 'Tag specification resource type must have a value');
    }
    if (!made.includes(ResourceType)) {
      throw ec2Error(
        'InvalidParameterValue',
        `'${ResourceType}' is not a valid taggable resource type for this operation.`,
      );
    }
    if (!Tags?.length) {
      throw ec2Error('InvalidParameterValue', 'Tag specification must have at least one tag');
    }
    checkTags(Tags);
  }
  const matching = (specifications ?? []).filter(({ ResourceType }) => ResourceType === type);
  if (matching.length > 1) {
    throw invalidValue(type, 'ResourceType', 'The same resource type may not be specified more than once.');
  }
  return tagsFrom(matching[0]?.Tags);
}
