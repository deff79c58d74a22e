import type { AssumeRoleRequest, Tag } from '@aws-sdk/client-sts';
import { ServiceError } from '../core/errors';
import type { RoleView } from '../core/identity';
import type { AuthorizationRequest, CallContext } from '../core/service';
import { isStranger } from '../core/strangers';
import { mfaConditions, mfaMoment } from './mfa';
import { sessionPolicies, startSession } from './session';
import { imaginedRole } from './strangers';
import { checkRoleArn, checkSessionTags, checkTransitiveKeys, validation } from './validate';

/** The role, when its account stands; of strangers any role. */
export function usableRole(arn: string, context: CallContext): RoleView | undefined {
  const role = context.world.identity.current?.role(arn);
  const account = context.world.accounts.get(role?.accountId ?? '');
  return account && (account.status === 'ACTIVE' || account.status === 'PENDING_CLOSURE')
    ? role
    : imaginedRole(arn, context);
}

/** Tags that the session will carry: those of the request, and the transitive ones of the caller's session. */
function inheritedTags(context: CallContext): Record<string, string> {
  const { sessionTags = {}, transitiveTagKeys = [] } = context.caller;
  return Object.fromEntries(Object.entries(sessionTags).filter(([key]) => transitiveTagKeys.includes(key)));
}

function tagConditions(
  tags: readonly Tag[],
  transitive: readonly string[],
): Record<string, string | readonly string[]> {
  const entries = tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value]);
  return {
    ...Object.fromEntries(entries),
    ...(tags.length > 0 ? { 'aws:TagKeys': tags.map(({ Key = '' }) => Key) } : {}),
    ...(transitive.length > 0 ? { 'sts:TransitiveTagKeys': transitive } : {}),
  };
}

/** The decisions of `AssumeRole`: the role's trust policy is asked about each. */
export function assumeRoleAuthorization(input: AssumeRoleRequest, context: CallContext): AuthorizationRequest[] {
  const arn = checkRoleArn(input.RoleArn);
  if (isStranger(context)) {
    return [];
  }
  const role = usableRole(arn, context);
  const tags = input.Tags ?? [];
  const conditions = {
    'sts:RoleSessionName': input.RoleSessionName ?? '',
    ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
    ...(input.SourceIdentity === undefined ? {} : { 'sts:SourceIdentity': input.SourceIdentity }),
    ...mfaConditions(input, context),
    ...tagConditions(tags, input.TransitiveTagKeys ?? []),
    ...Object.fromEntries(Object.entries(role?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    ...Object.fromEntries(Object.entries(role?.tags ?? {}).map(([key, value]) => [`iam:ResourceTag/${key}`, value])),
  };
  const actions = [
    'sts:AssumeRole',
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(input.SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  return actions.map((action) => ({
    action,
    resources: [arn],
    resourcePolicy: role?.trustPolicy,
    resourceAccountId: arn.split(':')[4],
    resourcePolicyRequired: true,
    conditions,
  }));
}

function sessionSeconds(input: AssumeRoleRequest, role: RoleView, context: CallContext): number {
  const chained = context.caller.kind === 'assumed-role';
  if (chained && (input.DurationSeconds ?? 0) > 3600) {
    throw validation(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if ((input.DurationSeconds ?? 0) > role.maxSessionDuration) {
    throw validation('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return input.DurationSeconds ?? 3600;
}

/** `AssumeRole`, after IAM has allowed it. @throws ServiceError */
export function assumeRole(input: AssumeRoleRequest, context: CallContext): Record<string, unknown> {
  const { caller } = context;
  if (caller.kind === 'root' && !isStranger(context)) {
    throw new ServiceError('AccessDenied', 'Roles may not be assumed by root accounts.', 403);
  }
  const role = usableRole(input.RoleArn ?? '', context);
  if (!role) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`;
    throw new ServiceError('AccessDenied', message, 403);
  }
  const seconds = sessionSeconds(input, role, context);
  if (
    caller.sourceIdentity !== undefined &&
    (input.SourceIdentity ?? caller.sourceIdentity) !== caller.sourceIdentity
  ) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${role.arn}`;
    throw new ServiceError('AccessDenied', message, 403);
  }
  const own = checkSessionTags(input.Tags ?? []);
  const inherited = inheritedTags(context);
  const transitive = checkTransitiveKeys(input.TransitiveTagKeys ?? [], own);
  const kept = new Set(Object.keys(inherited).map((key) => key.toLowerCase()));
  if (Object.keys(own).some((key) => kept.has(key.toLowerCase()))) {
    const message =
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.";
    throw new ServiceError('InvalidParameterValue', message, 400);
  }
  return startSession(
    {
      role,
      name: input.RoleSessionName ?? '',
      seconds,
      policies: sessionPolicies(input, own, context),
      tags: { ...own, ...inherited },
      transitiveTagKeys: [...transitive, ...Object.keys(inherited)],
      sourceIdentity: input.SourceIdentity ?? caller.sourceIdentity,
      mfaAt: mfaMoment(input, context),
    },
    context,
  );
}
