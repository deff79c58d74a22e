import { ServiceError } from '../core/errors';

/**
 * GuardDuty refuses with one error, `BadRequestException`, and says why in a sentence; `__type` in the body
 * carries the older exception's name. Sentences: the first edition of the API reference and messages that users quote.
 */
export function badRequest(sentence: string, type = 'InvalidInputException'): ServiceError {
  return new ServiceError('BadRequestException', sentence, 400, { Type: type });
}

export const invalidInput = (): ServiceError =>
  badRequest('The request is rejected because an invalid or out-of-range value is specified as an input parameter.');

/** For lists that are too long, as users quote it for CreateMembers. */
export const tooLong = (member: string, length: number, limit: number): ServiceError =>
  badRequest(
    `The request failed because the length provided for the ${member} array was ${length}. Max allowed length is ${limit}.`,
  );

/** What cannot be read as the operation's input. */
export const unreadable = (): ServiceError =>
  badRequest('The request is rejected because the JSON could not be processed.');

export const notOwned = (): ServiceError =>
  badRequest('The request is rejected because the input detectorId is not owned by the current account.');

export const noSuchResource = (): ServiceError => badRequest('The request is rejected since no such resource found.');

export const membersCannot = (): ServiceError =>
  badRequest('The request is rejected because member accounts cannot manage specified resources or properties.');

export const managedByPolicy = (): ServiceError => badRequest(unprocessed.managedByPolicy);

export const notMaster = (): ServiceError =>
  badRequest('The request failed because you are not the master account for your AWS Organization.');

export const noOrganizationPermission = (): ServiceError =>
  badRequest('The request failed because you do not have required AWS Organization master permission.');

/** Reasons why one account of a batch was left out (`UnprocessedAccounts[].Result`). */
export const unprocessed = {
  itself: 'The request is rejected because an account cannot become a member of itself.',
  inviteItself: 'The request is rejected because the current account cannot invite itself.',
  alreadyMember:
    'The request is rejected because the given account ID is already a member or associated member of the current account.',
  memberOfAnother:
    'The request is rejected because the given account ID is already an associated member of another master account.',
  tooMany:
    'The request is rejected because the current account cannot create anymore members since it cannot exceed the maximum number of allowed members.',
  currentIsMember:
    'The request is rejected because the current account cannot invite other accounts since it is already an associated member of another master account.',
  alreadyInvited:
    'The request is rejected because the current account has already invited or is already the GuardDuty master of the given member account ID.',
  notMember: 'The request is rejected because the given account ID is not a member of the current account.',
  notAssociated:
    'The request is rejected because the given account ID is not an associated member of account the current account.',
  stillAssociated:
    'The request is rejected because the current account cannot delete the given member account ID since it is still associated to it.',
  noInvitation:
    'The request is rejected because the current account does not have an invitation from the requested master account.',
  invitationInUse:
    'The request is rejected because the current account cannot delete the invitation from the given master account ID since it is still associated to it or has not declined their invitation yet.',
  organizationMember:
    'The request is rejected because the given account ID is a member of the current account through AWS Organizations.',
  managedByPolicy: 'The request is rejected because the specified feature is managed by an organization policy.',
  notActive: 'The request is rejected because the given account ID is suspended.',
  managementFirst:
    'Operation failed because your organization master must first enable GuardDuty to be added as a member',
  regionOff: 'The request is rejected because the given account ID has not enabled the current Region.',
  autoEnabledForAll:
    'The request is rejected because auto-enable is set to ALL organization members for the current account.',
} as const;
