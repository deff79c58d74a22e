import { createHash } from 'node:crypto';
import { ServiceError } from '../../core/errors';
import type { Caller } from '../../core/service';
import type { World } from '../../core/world';
import { validationError } from '../errors';
import { insteadOfRole } from '../strangers';
import type { Operation, StackSet } from './model';
import { stackSetsPrincipal } from './state';

function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/**
 * The session of a self-managed set's administration role.
 *
 * @throws ServiceError `ValidationError` when CloudFormation cannot assume it
 */
export async function administrationSession(world: World, set: StackSet): Promise<Caller> {
  const roleArn = set.administrationRoleArn ?? '';
  const service = world.serviceCaller('cloudformation.amazonaws.com', { accountId: set.accountId, arn: set.arn });
  try {
    return await world.assumeRole(roleArn, 'AWSCloudFormation', service, set.region);
  } catch {
    const message = `Account ${set.accountId} should have '${roleName(roleArn)}' role with trust relationship to CloudFormation service.`;
    return insteadOfRole(world, set.stranger, set.accountId, validationError(message));
  }
}

async function executionSession(
  world: World,
  set: StackSet,
  administration: Caller,
  accountId: string,
): Promise<Caller> {
  const role = `arn:${world.partition}:iam::${accountId}:role/${set.executionRoleName}`;
  const account = world.accounts.get(accountId);
  const message = `Account ${accountId} should have '${set.executionRoleName}' role with trust relationship to Role '${roleName(set.administrationRoleArn ?? '')}'.`;
  if (account?.status !== 'ACTIVE') {
    throw validationError(message);
  }
  try {
    return await world.assumeRole(role, 'AWSCloudFormation', administration, set.region);
  } catch {
    return insteadOfRole(world, set.stranger, accountId, validationError(message));
  }
}

/** Service-managed sets put a role of their own into each account, with an administrator's rights. */
async function serviceManagedSession(world: World, set: StackSet, accountId: string): Promise<Caller> {
  const name = `stacksets-exec-${createHash('md5').update(accountId).digest('hex')}`;
  const caller = world.serviceCaller(stackSetsPrincipal, { accountId, arn: set.arn });
  const as = { caller, region: set.region, accountId };
  try {
    await world.call('iam', 'GetRole', { RoleName: name }, as);
  } catch (error) {
    if (!(error instanceof ServiceError) || !error.code.startsWith('NoSuchEntity')) {
      throw error;
    }
    const statement = { Effect: 'Allow', Principal: { Service: stackSetsPrincipal }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await world.call('iam', 'CreateRole', { RoleName: name, AssumeRolePolicyDocument }, as);
    const PolicyArn = `arn:${world.partition}:iam::aws:policy/AdministratorAccess`;
    await world.call('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn }, as);
  }
  return world.assumeRole(
    `arn:${world.partition}:iam::${accountId}:role/${name}`,
    'AWSCloudFormation',
    caller,
    set.region,
  );
}

/** The session with which an operation works in an account: made once, shared by the account's regions. */
export function sessionFor(world: World, set: StackSet, operation: Operation, accountId: string): Promise<Caller> {
  const shared = (key: string, make: () => Promise<Caller>): Promise<Caller> => {
    let session = operation.sessions.get(key);
    if (!session) {
      session = make();
      operation.sessions.set(key, session);
    }
    return session;
  };
  return shared(accountId, async () => {
    if (set.permissionModel === 'SERVICE_MANAGED') {
      return serviceManagedSession(world, set, accountId);
    }
    const administration = await shared('administration', () => administrationSession(world, set));
    return executionSession(world, set, administration, accountId);
  });
}
