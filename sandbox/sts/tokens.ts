import type { AssumeRootRequest, GetFederationTokenRequest, GetSessionTokenRequest } from '@aws-sdk/client-sts';
import { decodeRefusal } from '../core/encodedRefusal';
import { ServiceError } from '../core/errors';
import { accountOfKey } from '../core/ids';
import type { OrganizationView } from '../core/organization';
import type { CallContext, Caller } from '../core/service';
import { mfaMoment } from './mfa';
import { credentialsOf, sessionPolicies } from './session';
import { checkSessionTags } from './validate';

function refuseSessions(caller: Caller, operation: string): void {
  if (caller.kind === 'assumed-role' || caller.issuerArn !== undefined) {
    throw new ServiceError('AccessDenied', `Cannot call ${operation} with session credentials`, 403);
  }
}

/** `GetSessionToken`: the user or root again, for up to 36 hours (root: one). */
export function getSessionToken(input: GetSessionTokenRequest, context: CallContext): Record<string, unknown> {
  const { caller } = context;
  refuseSessions(caller, 'GetSessionToken');
  const longest = caller.kind === 'root' ? 3600 : 129_600;
  const seconds = Math.min(input.DurationSeconds ?? 43_200, longest);
  const session: Caller = { ...caller, temporary: true, mfaAt: mfaMoment(input, context) };
  return { Credentials: credentialsOf(session, seconds, context) };
}

/** `GetFederationToken`: may do what the user may and the session policies allow; nothing without them. */
export function getFederationToken(input: GetFederationTokenRequest, context: CallContext): Record<string, unknown> {
  const { caller, world } = context;
  refuseSessions(caller, 'GetFederationToken');
  const name = input.Name ?? '';
  const tags = checkSessionTags(input.Tags ?? []);
  const policies = sessionPolicies(input, tags, context);
  const federated: Caller = {
    kind: caller.kind,
    accountId: caller.accountId,
    arn: `arn:${world.partition}:sts::${caller.accountId}:federated-user/${name}`,
    userId: `${caller.accountId}:${name}`,
    issuerArn: caller.arn,
    sessionPolicies: policies.documents ?? ['{"Version":"2012-10-17","Statement":[]}'],
    sessionTags: tags,
    temporary: true,
  };
  return {
    Credentials: credentialsOf(federated, input.DurationSeconds ?? 43_200, context),
    FederatedUser: { FederatedUserId: federated.userId, Arn: federated.arn },
    PackedPolicySize: policies.packedSize ?? 0,
  };
}

/** What each task of `AssumeRoot` may do (IAM User Guide, «Centrally manage root access»). */
const rootTasks: Readonly<Record<string, readonly string[]>> = {
  IAMAuditRootUserCredentials: [
    'iam:GetUser',
    'iam:GetLoginProfile',
    'iam:ListAccessKeys',
    'iam:ListMFADevices',
    'iam:ListSigningCertificates',
    'iam:GetAccessKeyLastUsed',
    'iam:GetAccountSummary',
  ],
  IAMCreateRootUserPassword: ['iam:CreateLoginProfile', 'iam:GetLoginProfile'],
  IAMDeleteRootUserCredentials: [
    'iam:DeleteAccessKey',
    'iam:DeleteLoginProfile',
    'iam:DeactivateMFADevice',
    'iam:DeleteVirtualMFADevice',
    'iam:GetUser',
    'iam:GetLoginProfile',
    'iam:ListAccessKeys',
    'iam:ListMFADevices',
  ],
  S3UnlockBucketPolicy: ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:ListAllMyBuckets'],
  SQSUnlockQueuePolicy: ['sqs:SetQueueAttributes', 'sqs:GetQueueAttributes', 'sqs:ListQueues', 'sqs:GetQueueUrl'],
};

/** The management account, and the one that it has delegated the management of root access to. */
function mayAssumeRoot(organization: OrganizationView, { accountId }: Caller): boolean {
  return (
    organization.managementAccountId === accountId ||
    organization.delegatedAdministrators('iam.amazonaws.com').includes(accountId)
  );
}

/** `AssumeRoot`: a member account's root user for one task, called from the management or the delegated account. */
export function assumeRoot(input: AssumeRootRequest, context: CallContext): Record<string, unknown> {
  const { world, caller } = context;
  const organization = world.organization.current;
  const target = /\d{12}/.exec(input.TargetPrincipal ?? '')?.[0] ?? '';
  const actions = rootTasks[input.TaskPolicyArn?.arn?.split('/').pop() ?? ''];
  const allowed = organization !== undefined && mayAssumeRoot(organization, caller) && organization.has(target);
  if (!allowed || target === organization.managementAccountId) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRoot on resource: arn:${world.partition}:iam::${target}:root`;
    throw new ServiceError('AccessDenied', message, 403);
  }
  if (!actions) {
    throw new ServiceError('ValidationError', `The task policy ${input.TaskPolicyArn?.arn} is not supported.`, 400);
  }
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
  const root: Caller = {
    kind: 'root',
    accountId: target,
    arn: `arn:${world.partition}:iam::${target}:root`,
    userId: target,
    sessionPolicies: [JSON.stringify(policy)],
    temporary: true,
  };
  return { Credentials: credentialsOf(root, input.DurationSeconds ?? 900, context) };
}

/** `GetAccessKeyInfo`: the account is written in the key's id. @throws ServiceError `ValidationError` */
export function getAccessKeyInfo(input: { AccessKeyId?: string }, context: CallContext): Record<string, unknown> {
  const id = input.AccessKeyId ?? '';
  const known = context.world.keys.find(id)?.accountId ?? accountOfKey(id);
  if (known === undefined) {
    throw new ServiceError('ValidationError', `Invalid access key: ${id}`, 400);
  }
  return { Account: known };
}

/** `GetDelegatedAccessToken`: nobody gives out trade-in tokens here, so none is valid. @throws ServiceError */
export function getDelegatedAccessToken(): never {
  throw new ServiceError('ExpiredTradeInTokenException', 'The trade-in token is not valid or has expired.', 400);
}

/** `DecodeAuthorizationMessage`: what EC2 adds to its refusals. @throws ServiceError `InvalidAuthorizationMessageException` */
export function decodeAuthorizationMessage(input: { EncodedMessage?: string }): Record<string, unknown> {
  const DecodedMessage = decodeRefusal(input.EncodedMessage ?? '');
  if (DecodedMessage === undefined) {
    throw new ServiceError('InvalidAuthorizationMessageException', 'Message is not valid', 400);
  }
  return { DecodedMessage };
}
