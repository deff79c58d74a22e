import type { Image } from '@aws-sdk/client-ec2';
import type { ImageLists } from '../settings';
import { hasTags, isLike, tagsOf } from '../wildcard';

/** Whether an image is approved, and by what. */
export interface Approval {
  readonly approved: boolean;
  readonly reason: string;
}

/**
 * Compares an image with the allow lists. An image that the account does not see is approved by its id alone: whoever
 * takes an image back must not thereby make it a good one. Pure.
 */
export function approvalOf(imageId: string, image: Image | undefined, lists: ImageLists, accountId: string): Approval {
  const yes = (reason: string): Approval => ({ approved: true, reason: `the image ${imageId} is approved: ${reason}` });
  if (lists.ids.includes(imageId)) {
    return yes('its id is listed');
  }
  if (image === undefined) {
    return { approved: false, reason: `the image ${imageId} is not listed, and the account does not see it any more` };
  }
  const { OwnerId = '', ImageOwnerAlias, Name = '' } = image;
  if (lists.owners.includes(OwnerId)) {
    return yes(`its owner ${OwnerId} is listed`);
  }
  if (lists.awsServices && ImageOwnerAlias === 'amazon') {
    return yes('AWS owns it');
  }
  const isOwner = (owner: string) =>
    owner === OwnerId || owner === ImageOwnerAlias || (owner === 'self' && OwnerId === accountId);
  const named = lists.names.find(({ name, owner }) => isOwner(owner) && isLike(Name, name));
  if (named) {
    return yes(`its name is like ${named.name} of ${named.owner}`);
  }
  // Tags of others' images are never shown; the account's own could have been tagged by anybody in it.
  if (OwnerId === accountId && hasTags(tagsOf(image.Tags), lists.tags)) {
    return yes('its tags are listed');
  }
  return {
    approved: false,
    reason: `the image ${imageId} (${Name || 'no name'}, of ${ImageOwnerAlias ?? OwnerId}) is on no allow list`,
  };
}
