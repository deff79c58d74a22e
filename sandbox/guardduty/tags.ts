import type { ListTagsForResourceRequest, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-guardduty';
import { parseArn } from '../common/arn';
import type { CallContext, Handler } from '../core/service';
import { invalidInput, noSuchResource } from './errors';
import { lengthWithin, tagsOf } from './input';
import type { Detector, GuardDutyState } from './state';

const tagLimit = 50;

/** The tags of what hangs under a detector: `detector/<id>[/<kind>/<name>]`. */
function beneath(detector: Detector, kind: string | undefined, name: string): Map<string, string> | undefined {
  switch (kind) {
    case undefined:
      return detector.tags;
    case 'filter':
      return detector.filters.get(name)?.tags;
    case 'publishingdestination':
    case 'publishingDestination':
      return detector.destinations.get(name)?.tags;
    default:
      return detector.sets.get(`${kind}/${name}`)?.tags;
  }
}

/** The tags of the resource that an ARN names; it has to be in the caller's account and region. */
function tagsAt(state: GuardDutyState, arn: string | undefined, context: CallContext): Map<string, string> {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'guardduty' || parsed.accountId !== context.accountId || parsed.region !== context.region) {
    throw invalidInput();
  }
  const [root, id = '', kind, ...name] = parsed.resource.split('/');
  const region = state.regions.at(context);
  if (root === 'malware-protection-plan') {
    const plan = region.malwarePlans.get(id);
    if (!plan) {
      throw noSuchResource();
    }
    return plan.tags;
  }
  const tags = root === 'detector' && region.detector?.id === id && beneath(region.detector, kind, name.join('/'));
  if (!tags) {
    throw noSuchResource();
  }
  return tags;
}

/** TagResource, UntagResource, ListTagsForResource. */
export function tagOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    TagResource: (input: TagResourceRequest, context) => {
      const tags = tagsAt(state, input.ResourceArn, context);
      const given = tagsOf(input.Tags);
      if (given.size === 0 || new Set([...tags.keys(), ...given.keys()]).size > tagLimit) {
        throw invalidInput();
      }
      for (const [key, value] of given) {
        tags.set(key, value);
      }
      return {};
    },
    UntagResource: (input: UntagResourceRequest, context) => {
      const tags = tagsAt(state, input.ResourceArn, context);
      const keys = input.TagKeys ?? [];
      if (keys.length === 0 || keys.length > 200 || keys.some((key) => !/^(?!aws:)[a-zA-Z+-=._:/]+$/.test(key))) {
        throw invalidInput();
      }
      for (const key of keys) {
        lengthWithin(key, 1, 128);
        tags.delete(key);
      }
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest, context) => ({
      Tags: Object.fromEntries(tagsAt(state, input.ResourceArn, context)),
    }),
  };
}
