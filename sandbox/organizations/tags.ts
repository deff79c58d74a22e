import type {
  ListTagsForResourceRequest,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-organizations';
import { tagList, tagsFrom } from '../common/tags';
import type { CallContext, Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { constraint, invalidInput, organizationsError } from './errors';
import { page, patternSentence, patterns } from './input';
import type { Organization, OrganizationsState } from './state';

const tagLimit = 50;
const keyPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const valuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** @throws ServiceError for keys twice, of AWS's own, too long, or too many */
export function checkedTags(tags: readonly Tag[] | undefined): Map<string, string> {
  const keys = (tags ?? []).map(({ Key }) => Key ?? '');
  if (new Set(keys).size !== keys.length) {
    throw invalidInput('DUPLICATE_TAG_KEY', 'You specified a tag key more than once.');
  }
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', 'You specified a tag key that is a system tag.');
  }
  const odd = (tags ?? []).some(({ Key, Value }) => !keyPattern.test(Key ?? '') || !valuePattern.test(Value ?? ''));
  if (odd) {
    throw invalidInput('INVALID_PATTERN', patternSentence);
  }
  if (keys.length > tagLimit) {
    throw constraint('MAX_TAG_LIMIT_EXCEEDED', 'You have exceeded the maximum number of tags.');
  }
  return tagsFrom(tags);
}

function checkedId(id: string | undefined): string {
  if (!patterns.taggable.test(id ?? '')) {
    throw invalidInput('INVALID_PATTERN', patternSentence);
  }
  return id as string;
}

function tagsOf(state: OrganizationsState, organization: Organization, id: string): Map<string, string> {
  const { resourcePolicy } = organization;
  const tags =
    organization.nodes.get(id)?.tags ??
    organization.policies.get(id)?.tags ??
    state.transfers.get(id)?.tags ??
    (resourcePolicy?.id === id ? resourcePolicy.tags : undefined);
  if (!tags) {
    throw organizationsError('TargetNotFoundException');
  }
  return tags;
}

/** TagResource, UntagResource, ListTagsForResource. */
export function tagOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    TagResource: (input: TagResourceRequest, context: CallContext) => {
      const id = checkedId(input.ResourceId);
      const given = checkedTags(input.Tags);
      const tags = tagsOf(state, asManagement(state, context, 'TagResource'), id);
      if (new Set([...tags.keys(), ...given.keys()]).size > tagLimit) {
        throw constraint('MAX_TAG_LIMIT_EXCEEDED', 'You have exceeded the maximum number of tags.');
      }
      for (const [key, value] of given) {
        tags.set(key, value);
      }
    },
    UntagResource: (input: UntagResourceRequest, context) => {
      const id = checkedId(input.ResourceId);
      const tags = tagsOf(state, asManagement(state, context, 'UntagResource'), id);
      for (const key of input.TagKeys ?? []) {
        tags.delete(key);
      }
    },
    ListTagsForResource: (input: ListTagsForResourceRequest, context) => {
      const id = checkedId(input.ResourceId);
      const found = page(tagList(tagsOf(state, asReader(state, context, 'ListTagsForResource'), id)), {
        NextToken: input.NextToken,
      });
      return { Tags: found.items, NextToken: found.nextToken };
    },
  };
}
