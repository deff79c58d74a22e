import type { DeploymentTargets } from '@aws-sdk/client-cloudformation';
import type { CallContext } from '../../core/service';
import type { World } from '../../core/world';
import { validationError } from '../errors';
import { fetchAccounts } from './accountsUrl';
import type { StackSet } from './model';

/** An account that an operation goes to, and through which organizational unit. */
export interface TargetAccount {
  readonly accountId: string;
  readonly organizationalUnitId?: string;
}

export interface TargetInput {
  Accounts?: string[];
  DeploymentTargets?: DeploymentTargets;
  Regions?: string[];
}

/** @throws ServiceError `ValidationError` */
function checkAccounts(accounts: readonly string[]): void {
  const bad = accounts.find((account) => !/^[0-9]{12}$/.test(account));
  if (bad !== undefined) {
    throw validationError(
      `1 validation error detected: Value '[${accounts.join(', ')}]' at 'accounts' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy regular expression pattern: ^[0-9]{12}$]`,
    );
  }
}

/** @throws ServiceError `ValidationError` */
export function checkRegions(world: World, regions: readonly string[]): void {
  const bad = regions.find((region) => !world.regions.has(region));
  if (bad !== undefined) {
    throw validationError(`Region ${bad} is not supported`);
  }
}

/** Accounts inside an organizational unit, however deep; the management account takes no part. */
export function accountsOfUnit(world: World, unit: string): string[] {
  const organization = world.organization.current;
  return (organization?.accountIds() ?? []).filter(
    (id) => id !== organization?.managementAccountId && organization?.path(id)?.includes(`/${unit}/`),
  );
}

/** @throws ServiceError `ValidationError` when a unit does not exist */
async function checkUnits(world: World, context: CallContext, units: readonly string[]): Promise<void> {
  const organization = world.organization.current;
  const management = organization?.managementAccountId ?? context.accountId;
  const root = organization?.path(management)?.split('/')[1];
  const caller = world.serviceCaller('member.org.stacksets.cloudformation.amazonaws.com', {
    accountId: management,
    arn: '',
  });
  for (const unit of units) {
    if (unit === root) {
      continue;
    }
    const input = { OrganizationalUnitId: unit };
    await world
      .call('organizations', 'DescribeOrganizationalUnit', input, {
        caller,
        region: context.region,
        accountId: management,
      })
      .catch(() => {
        throw validationError(`OrganizationalUnitId ${unit} is invalid or does not exist`);
      });
  }
}

function byUnit(world: World, units: readonly string[]): Map<string, TargetAccount> {
  const found = new Map<string, TargetAccount>();
  for (const unit of units) {
    for (const accountId of accountsOfUnit(world, unit)) {
      found.set(accountId, found.get(accountId) ?? { accountId, organizationalUnitId: unit });
    }
  }
  return found;
}

function filtered(units: Map<string, TargetAccount>, accounts: readonly string[], filter: string): TargetAccount[] {
  const named = new Set(accounts);
  switch (filter) {
    case 'INTERSECTION':
      return [...units.values()].filter((each) => named.has(each.accountId));
    case 'DIFFERENCE':
      return [...units.values()].filter((each) => !named.has(each.accountId));
    case 'UNION':
      return [...units.values(), ...accounts.filter((id) => !units.has(id)).map((accountId) => ({ accountId }))];
    default:
      return [...units.values()];
  }
}

async function serviceManaged(
  world: World,
  targets: DeploymentTargets,
  context: CallContext,
): Promise<TargetAccount[]> {
  const { OrganizationalUnitIds: units = [], AccountFilterType: filter = 'NONE' } = targets;
  const accounts = [...(targets.Accounts ?? []), ...(await fetchAccounts(targets.AccountsUrl, context))];
  if (units.length === 0) {
    throw validationError('OrganizationalUnitIds are required for StackSets with SERVICE_MANAGED permission model');
  }
  if (accounts.length > 0 && filter === 'NONE') {
    throw validationError(
      'AccountFilterType should be specified when both OrganizationalUnitIds and Accounts are provided',
    );
  }
  if (accounts.length === 0 && filter !== 'NONE') {
    throw validationError(`Accounts must be specified for AccountFilterType ${filter}`);
  }
  checkAccounts(accounts);
  await checkUnits(world, context, units);
  return filtered(byUnit(world, units), accounts, filter);
}

/**
 * The accounts that a request means.
 *
 * @throws ServiceError `ValidationError`
 */
export async function targetAccounts(
  set: StackSet,
  input: TargetInput,
  context: CallContext,
): Promise<TargetAccount[]> {
  const { world } = context;
  if (set.permissionModel === 'SERVICE_MANAGED') {
    if (!input.DeploymentTargets || (input.Accounts?.length ?? 0) > 0) {
      throw validationError(
        'StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target',
      );
    }
    return serviceManaged(world, input.DeploymentTargets, context);
  }
  if ((input.DeploymentTargets?.OrganizationalUnitIds?.length ?? 0) > 0) {
    throw validationError('StackSets with SELF_MANAGED permission model can only have accounts as target');
  }
  if (input.Accounts && input.DeploymentTargets) {
    throw validationError('You can specify Accounts or DeploymentTargets, but not both.');
  }
  const listed = input.Accounts ?? input.DeploymentTargets?.Accounts ?? [];
  const accounts = [...listed, ...(await fetchAccounts(input.DeploymentTargets?.AccountsUrl, context))];
  if (accounts.length === 0) {
    throw validationError('Accounts must not be empty.');
  }
  checkAccounts(accounts);
  return [...new Set(accounts)].map((accountId) => ({ accountId }));
}
