import type { UpdateStackSetInput } from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import type { CallContext } from '../../core/service';
import { validationError } from '../errors';
import type { Engine } from '../stacks/run';
import { launchOperation, repeated, requireIdle } from './launch';
import { cellKey, type StackInstance, type StackSet } from './model';
import { checkPreferences } from './preferences';
import { administrationSession } from './sessions';
import { checkRegions, targetAccounts } from './targets';

/** @throws ServiceError `StackInstanceNotFoundException` */
export function notFound(set: StackSet, accountId: string, region: string): ServiceError {
  return new ServiceError(
    'StackInstanceNotFoundException',
    `Stack instance not found for StackSet ${set.id}, account ${accountId} and region ${region}`,
    404,
  );
}

/** The administration role is tried before anything begins, as CloudFormation does. @throws ServiceError `ValidationError` */
export async function checkAdministration(engine: Engine, set: StackSet): Promise<void> {
  if (set.permissionModel === 'SELF_MANAGED') {
    await administrationSession(engine.world, set);
  }
}

/** The instances that an update of the set goes to: all, unless accounts and regions are named. */
async function chosen(set: StackSet, input: UpdateStackSetInput, context: CallContext): Promise<StackInstance[]> {
  const named = input.Accounts !== undefined || input.DeploymentTargets !== undefined;
  if (!named && input.Regions === undefined) {
    return [...set.instances.values()];
  }
  if (!named || input.Regions === undefined) {
    throw validationError('Accounts and Regions must be specified together.');
  }
  checkRegions(context.world, input.Regions);
  const accounts = await targetAccounts(set, input, context);
  return accounts.flatMap(({ accountId }) =>
    (input.Regions ?? []).map((region) => {
      const instance = set.instances.get(cellKey(accountId, region));
      if (!instance) {
        throw notFound(set, accountId, region);
      }
      return instance;
    }),
  );
}

/** UpdateStackSet: changes the definition and brings instances to it. */
export async function updateInstancesOf(
  engine: Engine,
  set: StackSet,
  input: UpdateStackSetInput,
  context: CallContext,
  change: () => void,
): Promise<{ OperationId: string }> {
  const preferences = checkPreferences(input.OperationPreferences);
  const known = repeated(set, { operationId: input.OperationId, input });
  if (known) {
    return { OperationId: known.id };
  }
  requireIdle(set);
  const instances = await chosen(set, input, context);
  if (instances.length > 0) {
    await checkAdministration(engine, set);
  }
  change();
  for (const instance of set.instances.values()) {
    instance.status = instance.status === 'INOPERABLE' ? 'INOPERABLE' : 'OUTDATED';
  }
  const request = { action: 'UPDATE', operationId: input.OperationId, preferences, input } as const;
  return { OperationId: launchOperation(engine, set, request, instances).id };
}
