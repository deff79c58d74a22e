import type { AddTagsRequest, ListTagsRequest, RemoveTagsRequest } from '@aws-sdk/client-cloudtrail';
import { removeTags, setTags, type Tag, tagList } from '../common/tags';
import type { CallContext, Handler } from '../core/service';
import { trailError } from './errors';
import type { Trail, Trails } from './state';

/** @throws ServiceError `CloudTrailARNInvalidException`, `ResourceNotFoundException` */
function tagged(trails: Trails, id: string | undefined, context: CallContext): Trail {
  if (!id?.startsWith('arn:')) {
    throw trailError('CloudTrailARNInvalidException', `Resource ID ${id} is not a valid ARN.`);
  }
  const trail = trails.find(id);
  if (trail?.accountId !== context.accountId) {
    throw trailError('ResourceNotFoundException', `Resource ${id} does not exist.`);
  }
  return trail;
}

export function tagOperations(trails: Trails): Record<string, Handler> {
  return {
    AddTags: (input: AddTagsRequest, context) => {
      const { tags } = tagged(trails, input.ResourceId, context);
      const list = (input.TagsList ?? []) as Tag[];
      const fresh = list.filter(({ Key = '' }) => !tags.has(Key));
      if (tags.size + fresh.length > 50) {
        throw trailError('TagsLimitExceededException', 'The number of tags per resource has exceeded the limit of 50.');
      }
      setTags(tags, list);
      return {};
    },
    RemoveTags: (input: RemoveTagsRequest, context) => {
      const keys = (input.TagsList ?? []).map(({ Key = '' }) => Key);
      removeTags(tagged(trails, input.ResourceId, context).tags, keys);
      return {};
    },
    ListTags: (input: ListTagsRequest, context) => {
      const ResourceTagList = (input.ResourceIdList ?? []).map((ResourceId) => ({
        ResourceId,
        TagsList: tagList(tagged(trails, ResourceId, context).tags),
      }));
      return { ResourceTagList };
    },
  };
}
