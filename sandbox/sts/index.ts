import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import * as schemas from '@aws-sdk/client-sts';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { assumeRole, assumeRoleAuthorization } from './assumeRole';
import { checkConstraints } from './constraints';
import { assumeRoleWithSaml, assumeRoleWithWebIdentity } from './federation';
import {
  assumeRoot,
  decodeAuthorizationMessage,
  getAccessKeyInfo,
  getFederationToken,
  getSessionToken,
} from './tokens';

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
  return operation === 'AssumeRole' && context.caller.kind !== 'anonymous'
    ? assumeRoleAuthorization(input as AssumeRoleRequest, context)
    : undefined;
}

/** AWS Security Token Service. */
export const createSts: ServiceFactory = () => ({
  signingNames: ['sts'],
  schemas,
  operations: {
    GetCallerIdentity: (_input, { caller }) => ({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }),
    AssumeRole: assumeRole,
    AssumeRoleWithSAML: assumeRoleWithSaml,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    AssumeRoot: assumeRoot,
    GetSessionToken: getSessionToken,
    GetFederationToken: getFederationToken,
    GetAccessKeyInfo: getAccessKeyInfo,
    DecodeAuthorizationMessage: decodeAuthorizationMessage,
  },
  authorize: authorization,
});
