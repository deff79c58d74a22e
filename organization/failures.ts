import { GarrisonError, type Place } from './errors';

/** Names that AWS services give to a refused call. */
const denied = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)$/;
const throttled =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/;
const credentialFaults =
  /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed|TokenRefreshRequired)$/;
const connectionFaults = /^(TimeoutError|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|NetworkingError)$/;

interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * What a failed AWS call means to a person: the service's own error code, where it happened, and what to do.
 * A GarrisonError comes back as it is, with the place filled in where it was not known.
 *
 * @param facts what the caller knows beside the error, such as the role that was to be assumed
 */
export function explain(error: unknown, place: Place, facts: { readonly roleArn?: string } = {}): GarrisonError {
  if (error instanceof GarrisonError) {
    const merged = { ...place, ...error.place };
    return new GarrisonError(error.code, error.message, error.remedy, merged, { cause: error.cause });
  }
  const { name, message, code } = error as SdkError;
  const service = code && (connectionFaults.test(code) || code === 'ERR_INVALID_URL') ? code : name;
  return new GarrisonError(
    `aws.${service}`,
    `${service}: ${firstLine(message)}`,
    remedyFor(service, message, facts),
    place,
    {
      cause: error,
    },
  );
}

function remedyFor(service: string, message: string, facts: { readonly roleArn?: string }): string {
  if (service === 'CredentialsProviderError') {
    return 'Give credentials: AWS_PROFILE, aws sso login, or keys in the environment. `garrison rehearse` needs none.';
  }
  if (service === 'ERR_INVALID_URL') {
    return 'Correct AWS_ENDPOINT_URL: it begins with http:// or https://. Without it, AWS itself is called.';
  }
  if (message === 'Region is missing') {
    return 'Set AWS_REGION, or a region in the profile.';
  }
  if (denied.test(service)) {
    return deniedRemedy(message, facts);
  }
  if (throttled.test(service)) {
    return 'Run the command again: it does only what is left. Lower operations.concurrency if this stays.';
  }
  if (credentialFaults.test(service)) {
    return 'Sign in again (AWS_PROFILE, aws sso login), and check this machine’s clock. In an opt-in region: enable it in the account.';
  }
  if (connectionFaults.test(service)) {
    return 'Check the network, a proxy and AWS_ENDPOINT_URL; then run the command again: it does only what is left.';
  }
  return 'Run the command again: it does only what is left.';
}

function deniedRemedy(message: string, { roleArn }: { readonly roleArn?: string }): string {
  if (/service control policy/.test(message)) {
    return "A service control policy denies it: exempt Garrison's roles there, or take the account out of its reach.";
  }
  if (roleArn) {
    return `Is ${roleArn} there, and does it trust the caller? \`garrison bootstrap\`, as the management account, creates Garrison's roles.`;
  }
  return "Give the caller this permission, or run `garrison bootstrap` if one of Garrison's roles is out of date.";
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
