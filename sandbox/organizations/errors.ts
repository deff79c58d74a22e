import { ServiceError } from '../core/errors';

const sentences = {
  AWSOrganizationsNotInUseException: 'Your account is not a member of an organization.',
  AccessDeniedException: "You don't have permissions to access this resource.",
  AccountAlreadyClosedException: 'The provided account is already closed.',
  AccountAlreadyRegisteredException: 'The provided account is already a delegated administrator for your organization.',
  AccountNotFoundException: "You specified an account that doesn't exist.",
  AccountNotRegisteredException:
    'The provided account is not a registered delegated administrator for your organization.',
  AlreadyInOrganizationException: 'The provided account is already a member of an organization.',
  ChildNotFoundException: "You specified a child that doesn't exist.",
  CreateAccountStatusNotFoundException: "You specified a create account request that doesn't exist.",
  DestinationParentNotFoundException: "You specified a destination parent that doesn't exist.",
  DuplicateAccountException: 'The account is already in the destination.',
  DuplicateHandshakeException: 'A handshake with the same action and target already exists.',
  DuplicateOrganizationalUnitException: 'An OU with the same name already exists.',
  DuplicatePolicyAttachmentException: 'The policy is already attached to the specified target.',
  DuplicatePolicyException: 'A policy with the same name already exists.',
  EffectivePolicyNotFoundException: 'The effective policy was not found for the specified target.',
  HandshakeAlreadyInStateException: 'The specified handshake is already in the requested state.',
  InvalidResponsibilityTransferTransitionException:
    "The responsibility transfer can't transition to the requested state because it's not in a valid state for this operation.",
  ResponsibilityTransferAlreadyInStatusException:
    'The responsibility transfer is already in the status that you specified.',
  ResponsibilityTransferNotFoundException: "We can't find a transfer that you specified.",
  HandshakeNotFoundException: "You specified a handshake that doesn't exist.",
  InvalidHandshakeTransitionException: "You can't perform the operation on the handshake in its current state.",
  MalformedPolicyDocumentException:
    'The provided policy document does not meet the requirements of the specified policy type.',
  MasterCannotLeaveOrganizationException: "You can't remove the management account from its organization.",
  OrganizationNotEmptyException:
    'To delete an organization you must first remove all member accounts (except the master).',
  OrganizationalUnitNotEmptyException: 'The specified OU is not empty.',
  OrganizationalUnitNotFoundException: "You specified an organizational unit that doesn't exist.",
  ParentNotFoundException: "You specified parent that doesn't exist.",
  PolicyInUseException: 'The policy is attached to one or more entities.',
  PolicyNotAttachedException: 'The policy is not attached to the specified target.',
  PolicyNotFoundException: "You specified a policy that doesn't exist.",
  PolicyTypeAlreadyEnabledException: 'The specified policy type is already enabled.',
  PolicyTypeNotAvailableForOrganizationException:
    "You can't use the specified policy type with the feature set currently enabled for this organization.",
  PolicyTypeNotEnabledException: 'This operation can be performed only for enabled policy types.',
  ResourcePolicyNotFoundException: "You specified a resource policy that doesn't exist.",
  RootNotFoundException: "You specified a root that doesn't exist.",
  SourceParentNotFoundException: "You specified a source parent that doesn't exist.",
  UnsupportedAPIEndpointException: "This action isn't available in the current AWS Region.",
  TargetNotFoundException: "You specified a target that doesn't exist.",
} as const;

/** Every error of the service has the same status, whatever its name says. */
const status = 400;

/** An error of Organizations in its usual sentence, or in another one that the service uses. */
export function organizationsError(code: keyof typeof sentences, sentence?: string): ServiceError {
  return new ServiceError(code, sentence ?? sentences[code], status);
}

/** `InvalidInputException` with its reason. */
export function invalidInput(reason: string, sentence = 'You specified an invalid value.'): ServiceError {
  return new ServiceError('InvalidInputException', sentence, status, { Reason: reason });
}

export function constraint(reason: string, sentence: string): ServiceError {
  return new ServiceError('ConstraintViolationException', sentence, status, { Reason: reason });
}

export function handshakeConstraint(reason: string, sentence: string): ServiceError {
  return new ServiceError('HandshakeConstraintViolationException', sentence, status, { Reason: reason });
}
