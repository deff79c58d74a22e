import type {
  CreateStackInstancesInput,
  DeleteStackInstancesInput,
  DescribeStackInstanceInput,
  ListStackInstancesInput,
  Parameter,
  UpdateStackInstancesInput,
} from '@aws-sdk/client-cloudformation';
import { paginate } from '../../core/paginate';
import type { CallContext, Handler } from '../../core/service';
import { checkConstraints, tokenConstraint } from '../constraints';
import { validationError } from '../errors';
import type { Engine } from '../stacks/run';
import { launchOperation, repeated, requireIdle } from './launch';
import { cellKey, type DeploymentTarget, type Operation, type StackInstance, type StackSet } from './model';
import { checkPreferences } from './preferences';
import type { StackSetStore } from './state';
import { checkRegions, type TargetAccount, targetAccounts } from './targets';
import { checkAdministration, notFound } from './updates';

type InstancesInput = CreateStackInstancesInput & UpdateStackInstancesInput & DeleteStackInstancesInput;

/** Values that differ from the set's. @throws ServiceError `ValidationError` */
function overridesOf(set: StackSet, given: readonly Parameter[] | undefined): Map<string, string> {
  const unknown = (given ?? []).filter((each) => !set.current.template.parameters.has(each.ParameterKey ?? ''));
  if (unknown.length > 0) {
    const names = unknown.map((each) => each.ParameterKey).join(', ');
    throw validationError(`Parameters: [${names}] do not exist in the template`);
  }
  return new Map((given ?? []).map((each) => [each.ParameterKey ?? '', each.ParameterValue ?? '']));
}

function newInstance({ accountId, organizationalUnitId }: TargetAccount, region: string): StackInstance {
  return {
    accountId,
    region,
    status: 'OUTDATED',
    detailedStatus: 'PENDING',
    overrides: new Map(),
    organizationalUnitId,
    driftStatus: 'NOT_CHECKED',
  };
}

function deploymentTarget(input: InstancesInput): DeploymentTarget | undefined {
  const { DeploymentTargets: targets } = input;
  return targets
    ? {
        organizationalUnitIds: targets.OrganizationalUnitIds,
        accounts: targets.Accounts,
        accountFilterType: targets.AccountFilterType,
      }
    : undefined;
}

/** What every request about instances is checked for; answers the operation when it is a repetition. */
async function prepare(
  engine: Engine,
  set: StackSet,
  input: InstancesInput,
  context: CallContext,
): Promise<{ known?: Operation; accounts: TargetAccount[]; regions: string[] }> {
  checkConstraints([['operationId', input.OperationId, tokenConstraint]]);
  checkPreferences(input.OperationPreferences);
  const known = repeated(set, { operationId: input.OperationId, input });
  if (known) {
    return { known, accounts: [], regions: [] };
  }
  const regions = [...new Set(input.Regions ?? [])];
  if (regions.length === 0) {
    throw validationError('Regions must not be empty.');
  }
  checkRegions(engine.world, regions);
  const accounts = await targetAccounts(set, input, context);
  requireIdle(set);
  await checkAdministration(engine, set);
  return { accounts, regions };
}

/** Auto-deployment follows the units and regions that instances were asked for. */
function follow(set: StackSet, input: InstancesInput, regions: readonly string[]): void {
  const { OrganizationalUnitIds: units = [], AccountFilterType: filter = 'NONE' } = input.DeploymentTargets ?? {};
  for (const unit of units) {
    set.organizationalUnitIds.add(unit);
    // Accounts picked one by one are no rule for accounts to come.
    if (filter !== 'INTERSECTION') {
      set.autoTargets.set(unit, new Set([...(set.autoTargets.get(unit) ?? []), ...regions]));
    }
  }
}

function start(
  engine: Engine,
  set: StackSet,
  action: 'CREATE' | 'UPDATE' | 'DELETE',
  input: InstancesInput,
  cells: readonly StackInstance[],
): { OperationId: string } {
  const operation = launchOperation(
    engine,
    set,
    {
      action,
      operationId: input.OperationId,
      preferences: input.OperationPreferences ?? {},
      retainStacks: input.RetainStacks,
      deploymentTargets: deploymentTarget(input),
      input,
    },
    cells,
  );
  return { OperationId: operation.id };
}

function create(engine: Engine, store: StackSetStore): Handler {
  return async (input: InstancesInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const overrides = overridesOf(set, input.ParameterOverrides);
    const { known, accounts, regions } = await prepare(engine, set, input, context);
    if (known) {
      return { OperationId: known.id };
    }
    follow(set, input, regions);
    const cells: StackInstance[] = [];
    for (const account of accounts) {
      for (const region of regions) {
        const key = cellKey(account.accountId, region);
        const instance = set.instances.get(key) ?? newInstance(account, region);
        instance.overrides = input.ParameterOverrides ? overrides : instance.overrides;
        instance.organizationalUnitId ??= account.organizationalUnitId;
        set.instances.set(key, instance);
        cells.push(instance);
      }
    }
    return start(engine, set, 'CREATE', input, cells);
  };
}

function update(engine: Engine, store: StackSetStore): Handler {
  return async (input: InstancesInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const overrides = overridesOf(set, input.ParameterOverrides);
    const { known, accounts, regions } = await prepare(engine, set, input, context);
    if (known) {
      return { OperationId: known.id };
    }
    const cells: StackInstance[] = [];
    for (const { accountId } of accounts) {
      for (const region of regions) {
        const instance = set.instances.get(cellKey(accountId, region));
        if (!instance && set.permissionModel === 'SELF_MANAGED') {
          throw notFound(set, accountId, region);
        }
        cells.push(...(instance ? [instance] : []));
      }
    }
    for (const instance of cells) {
      instance.overrides = input.ParameterOverrides ? overrides : instance.overrides;
    }
    return start(engine, set, 'UPDATE', input, cells);
  };
}

function unfollow(set: StackSet, input: InstancesInput, regions: readonly string[]): void {
  const { OrganizationalUnitIds: units = [], AccountFilterType: filter = 'NONE' } = input.DeploymentTargets ?? {};
  for (const unit of filter === 'NONE' ? units : []) {
    const left = new Set([...(set.autoTargets.get(unit) ?? [])].filter((region) => !regions.includes(region)));
    if (left.size > 0) {
      set.autoTargets.set(unit, left);
    } else {
      set.autoTargets.delete(unit);
      set.organizationalUnitIds.delete(unit);
    }
  }
}

function remove(engine: Engine, store: StackSetStore): Handler {
  return async (input: InstancesInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    if (input.RetainStacks === undefined) {
      throw validationError(
        "1 validation error detected: Value null at 'retainStacks' failed to satisfy constraint: Member must not be null",
      );
    }
    const { known, accounts, regions } = await prepare(engine, set, input, context);
    if (known) {
      return { OperationId: known.id };
    }
    unfollow(set, input, regions);
    const cells = accounts.flatMap(({ accountId }) =>
      regions.flatMap((region) => set.instances.get(cellKey(accountId, region)) ?? []),
    );
    return start(engine, set, 'DELETE', input, cells);
  };
}

function summary(set: StackSet, instance: StackInstance) {
  return {
    StackSetId: set.id,
    Region: instance.region,
    Account: instance.accountId,
    StackId: instance.stackId,
    Status: instance.status,
    StatusReason: instance.statusReason,
    StackInstanceStatus: { DetailedStatus: instance.detailedStatus },
    OrganizationalUnitId: instance.organizationalUnitId ?? '',
    DriftStatus: instance.driftStatus,
    LastDriftCheckTimestamp: instance.driftCheckedAt,
    LastOperationId: instance.lastOperationId,
  };
}

function describe(store: StackSetStore): Handler {
  return (input: DescribeStackInstanceInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const [accountId, region] = [input.StackInstanceAccount ?? '', input.StackInstanceRegion ?? ''];
    const instance = set.instances.get(cellKey(accountId, region));
    if (!instance) {
      throw notFound(set, accountId, region);
    }
    return {
      StackInstance: {
        ...summary(set, instance),
        ParameterOverrides: [...instance.overrides].map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      },
    };
  };
}

function matches(instance: StackInstance, input: ListStackInstancesInput): boolean {
  return (
    (input.StackInstanceAccount === undefined || instance.accountId === input.StackInstanceAccount) &&
    (input.StackInstanceRegion === undefined || instance.region === input.StackInstanceRegion) &&
    (input.Filters ?? []).every(({ Name, Values }) => {
      const actual =
        Name === 'DETAILED_STATUS'
          ? instance.detailedStatus
          : Name === 'LAST_OPERATION_ID'
            ? instance.lastOperationId
            : instance.driftStatus;
      return (Values ?? '').split(',').includes(actual ?? '');
    })
  );
}

function list(store: StackSetStore): Handler {
  return (input: ListStackInstancesInput, context) => {
    checkConstraints([['maxResults', input.MaxResults, { minimum: 1, maximum: 100 }]]);
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const found = [...set.instances.values()].filter((instance) => matches(instance, input));
    const page = paginate(found, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return { Summaries: page.items.map((instance) => summary(set, instance)), NextToken: page.nextToken };
  };
}

/** Operations on stack instances. */
export function instanceOperations(engine: Engine, store: StackSetStore): Record<string, Handler> {
  return {
    CreateStackInstances: create(engine, store),
    UpdateStackInstances: update(engine, store),
    DeleteStackInstances: remove(engine, store),
    DescribeStackInstance: describe(store),
    ListStackInstances: list(store),
  };
}
