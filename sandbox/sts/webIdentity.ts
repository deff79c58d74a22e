import { randomUUID } from 'node:crypto';
import type { GetWebIdentityTokenRequest } from '@aws-sdk/client-sts';
import { requestTagConditions, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { AuthorizationRequest, CallContext } from '../core/service';
import type { SigningAlgorithm, SigningKeys } from './signingKeys';
import { checkSessionTags, validation } from './validate';

const defaultSeconds = 300;
const algorithms: readonly string[] = ['RS256', 'ES384'] satisfies SigningAlgorithm[];

/** The decision about a token: for whom, for how long, how signed; tags need a permission of their own. */
export function webIdentityAuthorization(input: GetWebIdentityTokenRequest): AuthorizationRequest[] {
  const conditions = {
    'sts:IdentityTokenAudience': input.Audience ?? [],
    'sts:DurationSeconds': String(input.DurationSeconds ?? defaultSeconds),
    'sts:SigningAlgorithm': input.SigningAlgorithm ?? '',
    ...requestTagConditions(tagsFrom(input.Tags)),
  };
  const actions = ['sts:GetWebIdentityToken', ...(input.Tags?.length ? ['sts:TagGetWebIdentityToken'] : [])];
  return actions.map((action) => ({ action, resources: ['*'], conditions }));
}

/** What AWS says of the caller beside the standard claims. */
function identityClaims(requestTags: Record<string, string>, context: CallContext): object {
  const { caller, world } = context;
  const organization = world.organization.current;
  const member = organization?.has(caller.accountId) ? organization : undefined;
  const grants = world.identity.current?.grants(caller);
  const principalTags = { ...grants?.tags, ...caller.sessionTags };
  const path = member?.path(caller.accountId);
  return {
    aws_account: caller.accountId,
    source_region: context.region,
    ...(member ? { org_id: member.id } : {}),
    ...(path ? { ou_path: path } : {}),
    ...(Object.keys(principalTags).length > 0 ? { principal_tags: principalTags } : {}),
    ...(Object.keys(requestTags).length > 0 ? { request_tags: requestTags } : {}),
  };
}

/** `GetWebIdentityToken`: who the caller is, signed, for services outside AWS. @throws ServiceError */
export function getWebIdentityToken(keys: SigningKeys, input: GetWebIdentityTokenRequest, context: CallContext) {
  const { caller, world } = context;
  const { SigningAlgorithm = '', Audience = [], DurationSeconds = defaultSeconds } = input;
  if (!algorithms.includes(SigningAlgorithm)) {
    throw validation(`Invalid signing algorithm: ${SigningAlgorithm}. Valid values are RS256 and ES384.`);
  }
  const requestTags = checkSessionTags(input.Tags ?? []);
  const issuer = world.identity.current?.outboundIssuer(caller.accountId);
  if (issuer === undefined) {
    const message = 'Outbound web identity federation is not enabled for this account.';
    throw new ServiceError('OutboundWebIdentityFederationDisabledException', message, 403);
  }
  const now = Math.floor(world.now().getTime() / 1000);
  const expiration = new Date((now + DurationSeconds) * 1000);
  const sessionEnd = world.keys.find(caller.accessKeyId ?? '')?.expiresAt;
  if (sessionEnd && expiration > sessionEnd) {
    const message = 'The requested token duration would extend the session beyond its original expiration time.';
    throw new ServiceError('SessionDurationEscalationException', message, 403);
  }
  const claims = {
    iss: issuer,
    aud: Audience.length === 1 ? Audience[0] : Audience,
    sub: caller.roleArn ?? caller.arn,
    iat: now,
    exp: now + DurationSeconds,
    jti: randomUUID(),
    'https://sts.amazonaws.com/': identityClaims(requestTags, context),
  };
  return { WebIdentityToken: keys.token(SigningAlgorithm as SigningAlgorithm, claims), Expiration: expiration };
}
