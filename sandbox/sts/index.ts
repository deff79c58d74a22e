import type { AssumeRoleRequest, GetWebIdentityTokenRequest } from '@aws-sdk/client-sts';
import * as schemas from '@aws-sdk/client-sts';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { assumeRole, assumeRoleAuthorization } from './assumeRole';
import { checkConstraints } from './constraints';
import { assumeRoleWithSaml, assumeRoleWithWebIdentity } from './federation';
import { answerVerifier, SigningKeys } from './signingKeys';
import {
  assumeRoot,
  decodeAuthorizationMessage,
  getAccessKeyInfo,
  getDelegatedAccessToken,
  getFederationToken,
  getSessionToken,
} from './tokens';
import { getWebIdentityToken, webIdentityAuthorization } from './webIdentity';

/** Calls that prove who calls by what they carry; and the two that everybody with credentials may make. */
const unsigned = new Set(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']);
const free = new Set(['GetCallerIdentity', 'GetSessionToken']);

function authorization(
  operation: string,
  input: unknown,
  context: CallContext,
): readonly AuthorizationRequest[] | undefined {
  if (context.caller.kind !== 'service') {
    checkConstraints(operation, input);
  }
  if (unsigned.has(operation) || (free.has(operation) && context.caller.kind !== 'anonymous')) {
    return [];
  }
  if (context.caller.kind === 'anonymous') {
    return undefined;
  }
  switch (operation) {
    case 'AssumeRole':
      return assumeRoleAuthorization(input as AssumeRoleRequest, context);
    case 'GetWebIdentityToken':
      return webIdentityAuthorization(input as GetWebIdentityTokenRequest);
    default:
      return undefined;
  }
}

/** AWS Security Token Service. */
export const createSts: ServiceFactory = () => {
  const signingKeys = new SigningKeys();
  return {
    signingNames: ['sts'],
    schemas,
    operations: {
      GetCallerIdentity: (_input, { caller }) => ({
        UserId: caller.userId,
        Account: caller.accountId,
        Arn: caller.arn,
      }),
      AssumeRole: assumeRole,
      AssumeRoleWithSAML: assumeRoleWithSaml,
      AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
      AssumeRoot: assumeRoot,
      GetSessionToken: getSessionToken,
      GetFederationToken: getFederationToken,
      GetAccessKeyInfo: getAccessKeyInfo,
      DecodeAuthorizationMessage: decodeAuthorizationMessage,
      GetDelegatedAccessToken: getDelegatedAccessToken,
      GetWebIdentityToken: (input, context) => getWebIdentityToken(signingKeys, input, context),
    },
    authorize: authorization,
    http: (request) => answerVerifier(signingKeys, request),
    httpPaths: ['_sts'],
  };
};
