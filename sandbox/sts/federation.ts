import type { AssumeRoleWithSAMLRequest, AssumeRoleWithWebIdentityRequest } from '@aws-sdk/client-sts';
import { decide } from '../core/decision';
import { ServiceError } from '../core/errors';
import type { RoleView } from '../core/identity';
import type { CallContext } from '../core/service';
import { isStranger, unlessStranger } from '../core/strangers';
import { usableRole } from './assumeRole';
import { sessionPolicies, startSession } from './session';
import { checkRoleArn, validation } from './validate';

function denied(action: string): ServiceError {
  return new ServiceError('AccessDenied', `Not authorized to perform ${action}`, 403);
}

/** Whether the role's trust policy lets the provider's users in. */
function trusts(role: RoleView, provider: string, action: string, keys: Record<string, string>): boolean {
  const { effect } = decide({
    principal: provider,
    action,
    resource: role.arn,
    resourceAccountId: role.accountId,
    context: { ...keys, 'aws:FederatedProvider': provider },
    identityPolicies: [],
    resourcePolicy: role.trustPolicy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  });
  return effect === 'Allowed';
}

function seconds(given: number | undefined, role: RoleView): number {
  if ((given ?? 0) > role.maxSessionDuration) {
    throw validation('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return given ?? 3600;
}

interface Assertion {
  readonly roles: readonly string[];
  readonly sessionName: string;
  readonly subject: string;
  readonly issuer: string;
  readonly audience: string;
}

function attribute(xml: string, name: string): string[] {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const block = new RegExp(`<(?:\\w+:)?Attribute[^>]*Name="${escaped}"[^>]*>([\\s\\S]*?)</(?:\\w+:)?Attribute>`).exec(
    xml,
  );
  const values = (block?.[1] ?? '').matchAll(/<(?:\w+:)?AttributeValue[^>]*>([^<]*)</g);
  return [...values].map((match) => (match[1] ?? '').trim());
}

/** Reads a SAML response. Its signature is not verified: whoever can reach a sandbox may be anybody in it. */
function readAssertion(encoded: string): Assertion {
  const xml = Buffer.from(encoded, 'base64').toString('utf8');
  const element = (name: string) => new RegExp(`<(?:\\w+:)?${name}[^>]*>([^<]*)<`).exec(xml)?.[1]?.trim() ?? '';
  const base = 'https://aws.amazon.com/SAML/Attributes';
  const roles = attribute(xml, `${base}/Role`);
  const [sessionName = ''] = attribute(xml, `${base}/RoleSessionName`);
  if (!/<(?:\w+:)?Assertion[\s>]/.test(xml) || roles.length === 0) {
    throw new ServiceError('InvalidIdentityToken', 'Invalid base64 SAMLResponse', 400);
  }
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName || element('NameID'))) {
    const message = 'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}';
    throw new ServiceError('InvalidIdentityToken', message, 400);
  }
  return { roles, sessionName, subject: element('NameID'), issuer: element('Issuer'), audience: element('Audience') };
}

/**
 * `AssumeRoleWithSAML`: the assertion must name the role and the provider, the provider must exist and the role
 * must trust it. The assertion's signature and times are not verified.
 */
export function assumeRoleWithSaml(input: AssumeRoleWithSAMLRequest, context: CallContext): Record<string, unknown> {
  const arn = checkRoleArn(input.RoleArn);
  const provider = input.PrincipalArn ?? '';
  const assertion = readAssertion(input.SAMLAssertion ?? '');
  const role = usableRole(arn, context);
  const named = assertion.roles.some((pair) => pair.includes(arn) && pair.includes(provider));
  const audience = assertion.audience || 'https://signin.aws.amazon.com/saml';
  const keys = { 'SAML:aud': audience, 'SAML:sub': assertion.subject, 'SAML:iss': assertion.issuer };
  const known = context.world.identity.current?.provider(provider);
  const trusted = named && known && role && trusts(role, provider, 'sts:AssumeRoleWithSAML', keys);
  if (!role || (!trusted && !isStranger(context))) {
    throw denied('sts:AssumeRoleWithSAML');
  }
  const name = assertion.sessionName || assertion.subject;
  const policies = sessionPolicies(input, {}, context);
  return {
    ...startSession({ role, name, seconds: seconds(input.DurationSeconds, role), policies, tags: {} }, context),
    Subject: assertion.subject,
    SubjectType: 'persistent',
    Issuer: assertion.issuer,
    Audience: audience,
  };
}

type Claims = Readonly<Record<string, unknown>>;

function readToken(token: string): Claims {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null) {
      return claims as Claims;
    }
  } catch {
    // Falls through to the same refusal as a token of another shape.
  }
  throw new ServiceError(
    'InvalidIdentityToken',
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    400,
  );
}

function checkClaims(claims: Claims, context: CallContext): void {
  const { exp } = claims;
  if (typeof exp === 'number' && exp * 1000 < context.world.now().getTime()) {
    const now = Math.floor(context.world.now().getTime() / 1000);
    const message = `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`;
    throw new ServiceError('ExpiredTokenException', message, 400);
  }
}

/** The provider's audience that the token is for. @throws ServiceError `InvalidIdentityToken` */
function audienceOf(claims: Claims, provider: string, context: CallContext): string {
  const known = context.world.identity.current?.provider(provider);
  if (!known) {
    const message = `No OpenIDConnect provider found in your account for ${claims.iss}`;
    throw new ServiceError('InvalidIdentityToken', message, 400);
  }
  const audiences = [claims.aud].flat().map(String);
  const audience = audiences.find((each) => known.clientIds?.includes(each));
  if (audience === undefined) {
    throw new ServiceError('InvalidIdentityToken', 'Incorrect token audience', 400);
  }
  return audience;
}

/** `AssumeRoleWithWebIdentity`: provider, audience and trust policy are checked; the token's signature is not. */
export function assumeRoleWithWebIdentity(
  input: AssumeRoleWithWebIdentityRequest,
  context: CallContext,
): Record<string, unknown> {
  const arn = checkRoleArn(input.RoleArn);
  const name = input.RoleSessionName ?? '';
  const claims = unlessStranger(context, () => readToken(input.WebIdentityToken ?? ''), {});
  checkClaims(claims, context);
  const issuer = String(claims.iss ?? '')
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '');
  const accountId = arn.split(':')[4] ?? '';
  const provider = `arn:${context.world.partition}:iam::${accountId}:oidc-provider/${issuer}`;
  const audience = unlessStranger(context, () => audienceOf(claims, provider, context), '');
  const subject = String(claims.sub ?? '');
  const keys = { [`${issuer}:sub`]: subject, [`${issuer}:aud`]: audience, 'sts:RoleSessionName': name };
  const role = usableRole(arn, context);
  if (!role || !(isStranger(context) || trusts(role, provider, 'sts:AssumeRoleWithWebIdentity', keys))) {
    throw denied('sts:AssumeRoleWithWebIdentity');
  }
  const policies = sessionPolicies(input, {}, context);
  return {
    ...startSession({ role, name, seconds: seconds(input.DurationSeconds, role), policies, tags: {} }, context),
    SubjectFromWebIdentityToken: subject,
    Provider: provider,
    Audience: audience,
  };
}
