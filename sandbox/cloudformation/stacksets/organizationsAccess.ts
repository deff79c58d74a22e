import { ServiceError } from '../../core/errors';
import type { CallContext, Handler } from '../../core/service';
import { validationError } from '../errors';
import { ownerOf, stackSetsPrincipal } from './state';

/** @throws ServiceError `ValidationError` unless the organization trusts StackSets and the caller may use it */
export function requireTrustedAccess(context: CallContext, callAs: string | undefined): void {
  const organization = context.world.organization.current;
  if (!organization?.trusts(stackSetsPrincipal)) {
    throw validationError('You must enable organizations access to operate a service managed stack set');
  }
  const owner = ownerOf(context.world, context, callAs);
  if (owner.accountId !== organization.managementAccountId) {
    throw validationError(
      'Account used is not a management account of an organization or a delegated administrator; only those can operate a service managed stack set',
    );
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidOperationException', message, 400);
}

function access(operation: 'EnableAWSServiceAccess' | 'DisableAWSServiceAccess'): Handler {
  return async (_input, context) => {
    const organization = context.world.organization.current;
    if (organization?.managementAccountId !== context.accountId) {
      throw invalid('Only the management account of an organization can change access for StackSets.');
    }
    const input = { ServicePrincipal: stackSetsPrincipal };
    await context.world.call('organizations', operation, input, {
      caller: context.caller,
      region: context.region,
      via: 'cloudformation.amazonaws.com',
    });
    return {};
  };
}

/** ActivateOrganizationsAccess, DeactivateOrganizationsAccess, DescribeOrganizationsAccess. */
export function organizationsAccessOperations(): Record<string, Handler> {
  return {
    ActivateOrganizationsAccess: access('EnableAWSServiceAccess'),
    DeactivateOrganizationsAccess: access('DisableAWSServiceAccess'),
    DescribeOrganizationsAccess: (input: { CallAs?: string }, context) => {
      ownerOf(context.world, context, input.CallAs);
      const trusted = context.world.organization.current?.trusts(stackSetsPrincipal);
      return { Status: trusted ? 'ENABLED' : 'DISABLED' };
    },
  };
}
