import type { Grants } from './identity';
import type { AuthorizationRequest, CallContext, Caller } from './service';
import type { World } from './world';

export type ConditionValues = Record<string, string | readonly string[]>;

const principalTypes: Readonly<Record<Caller['kind'], string>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  service: 'Service',
  anonymous: 'Anonymous',
};

/** `aws:PrincipalArn`: of a session the role's own ARN. */
export function principalArn(caller: Caller): string {
  return caller.roleArn ?? caller.arn;
}

function principalKeys(world: World, caller: Caller, grants: Grants | undefined): ConditionValues {
  if (caller.kind === 'anonymous') {
    return { 'aws:PrincipalType': 'Anonymous' };
  }
  const keys: ConditionValues = {
    'aws:PrincipalArn': principalArn(caller),
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': principalTypes[caller.kind],
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': caller.userId,
  };
  if (caller.kind === 'root' && caller.sessionPolicies) {
    // A root user's sessions come from AssumeRoot, and from nothing else.
    keys['aws:AssumedRoot'] = 'true';
  }
  if (caller.kind === 'user') {
    keys['aws:username'] = caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
  }
  for (const [key, value] of Object.entries({ ...grants?.tags, ...caller.sessionTags })) {
    keys[`aws:PrincipalTag/${key}`] = value;
  }
  if (caller.temporary) {
    keys['aws:MultiFactorAuthPresent'] = String(caller.mfaAt !== undefined);
  }
  if (caller.mfaAt) {
    keys['aws:MultiFactorAuthAge'] = String(Math.floor((world.now().getTime() - caller.mfaAt.getTime()) / 1000));
  }
  if (caller.sourceIdentity) {
    keys['aws:SourceIdentity'] = caller.sourceIdentity;
  }
  return { ...keys, ...organizationKeys(world, caller.accountId, 'aws:Principal') };
}

function organizationKeys(world: World, accountId: string, prefix: string): ConditionValues {
  const view = world.organization.current;
  if (!view?.has(accountId)) {
    return {};
  }
  const path = view.path(accountId);
  return { [`${prefix}OrgID`]: view.id, ...(path ? { [`${prefix}OrgPaths`]: [path] } : {}) };
}

function serviceKeys(world: World, caller: Caller): ConditionValues {
  return {
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': caller.arn,
    'aws:PrincipalServiceNamesList': [caller.arn],
    'aws:PrincipalType': 'Service',
    ...(caller.sourceAccount ? { 'aws:SourceAccount': caller.sourceAccount } : {}),
    ...(caller.sourceArn ? { 'aws:SourceArn': caller.sourceArn } : {}),
    ...(caller.sourceAccount ? organizationKeys(world, caller.sourceAccount, 'aws:Source') : {}),
  };
}

/** The global condition keys of a call, and the ones that the service adds. */
export function conditionValues(
  context: CallContext,
  request: AuthorizationRequest,
  grants: Grants | undefined,
  via: string | undefined,
): ConditionValues {
  const { world, caller } = context;
  const now = world.now();
  const resourceAccount = request.resourceAccountId ?? context.accountId;
  const resourceOrganization = organizationKeys(world, resourceAccount, 'aws:Resource');
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': context.region,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': context.sourceIp,
    'aws:UserAgent': context.userAgent,
    'aws:ViaAWSService': via === undefined ? 'false' : 'true',
    ...(via === undefined ? {} : { 'aws:CalledVia': [via], 'aws:CalledViaFirst': via, 'aws:CalledViaLast': via }),
    ...(caller.kind === 'service' ? serviceKeys(world, caller) : principalKeys(world, caller, grants)),
    ...(resourceAccount ? { 'aws:ResourceAccount': resourceAccount } : {}),
    ...resourceOrganization,
    ...request.conditions,
  };
}
