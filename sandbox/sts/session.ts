import { ServiceError } from '../core/errors';
import type { RoleView } from '../core/identity';
import { isPolicy } from '../core/policyDocuments';
import type { CallContext, Caller } from '../core/service';

/** What narrows a session, as its request gives it. */
export interface SessionPolicies {
  readonly documents?: readonly string[];
  /** Per cent of what fits; absent without policies and tags. */
  readonly packedSize?: number;
}

function checkDocument(document: string): void {
  if (!isPolicy(document)) {
    throw new ServiceError('MalformedPolicyDocument', 'Syntax errors in policy.', 400);
  }
}

/**
 * The session policies of a request: one inline, up to ten managed.
 *
 * @throws ServiceError `MalformedPolicyDocument`, `PackedPolicyTooLarge`
 */
export function sessionPolicies(
  input: { Policy?: string; PolicyArns?: { arn?: string }[] },
  tags: Readonly<Record<string, string>>,
  context: CallContext,
): SessionPolicies {
  const { Policy, PolicyArns = [] } = input;
  if (Policy !== undefined) {
    checkDocument(Policy);
  }
  const managed = PolicyArns.map(({ arn = '' }) => {
    const document = context.world.identity.current?.policyDocument(arn);
    if (document === undefined) {
      throw new ServiceError('ValidationError', `The policy ${arn} does not exist or is not attachable.`, 400);
    }
    return document;
  });
  const documents = [...(Policy === undefined ? [] : [Policy]), ...managed];
  const length = (Policy ?? '').length + Object.entries(tags).join('').length + PolicyArns.length * 40;
  const packedSize = length === 0 ? undefined : Math.ceil((length / 2048) * 100);
  if (packedSize !== undefined && packedSize > 100) {
    const message = `Packed policy consumes ${packedSize}% of allotted space, please use smaller policy.`;
    throw new ServiceError('PackedPolicyTooLarge', message, 400);
  }
  return { documents: documents.length > 0 ? documents : undefined, packedSize };
}

/** How a session of a role came to be. */
export interface NewSession {
  readonly role: RoleView;
  readonly name: string;
  readonly seconds: number;
  readonly policies: SessionPolicies;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
  /** When the caller proved a second factor with the request. */
  readonly mfaAt?: Date;
}

/** Temporary credentials as STS answers with them. */
export function credentialsOf(caller: Caller, seconds: number, context: CallContext): Record<string, unknown> {
  const expiration = new Date(Math.floor(context.world.now().getTime() / 1000) * 1000 + seconds * 1000);
  const key = context.world.keys.mint(caller, expiration);
  return {
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    SessionToken: key.sessionToken,
    Expiration: expiration,
  };
}

/** Starts a role's session. */
export function startSession(session: NewSession, context: CallContext): Record<string, unknown> {
  const { role, name, policies } = session;
  const { world } = context;
  const caller: Caller = {
    // Strangers' roles may not be there: nothing but service control policies binds their sessions.
    kind: world.identity.current?.role(role.arn) ? 'assumed-role' : 'root',
    accountId: role.accountId,
    arn: `arn:${world.partition}:sts::${role.accountId}:assumed-role/${role.name}/${name}`,
    userId: `${role.roleId}:${name}`,
    roleArn: role.arn,
    sessionName: name,
    sessionPolicies: policies.documents,
    sessionTags: session.tags,
    transitiveTagKeys: session.transitiveTagKeys,
    sourceIdentity: session.sourceIdentity,
    temporary: true,
    mfaAt: session.mfaAt,
  };
  world.identity.current?.noteRoleUse(role.arn, context.region);
  return {
    Credentials: credentialsOf(caller, session.seconds, context),
    AssumedRoleUser: { AssumedRoleId: caller.userId, Arn: caller.arn },
    PackedPolicySize: policies.packedSize,
    SourceIdentity: session.sourceIdentity,
  };
}
