import type {
  DescribeStackSetOperationInput,
  DetectStackSetDriftInput,
  ListStackInstanceResourceDriftsInput,
  ListStackSetAutoDeploymentTargetsInput,
  ListStackSetOperationResultsInput,
  ListStackSetOperationsInput,
  StopStackSetOperationInput,
} from '@aws-sdk/client-cloudformation';
import { ServiceError } from '../../core/errors';
import { paginate } from '../../core/paginate';
import type { Handler } from '../../core/service';
import { isStranger } from '../../core/strangers';
import { checkConstraints } from '../constraints';
import { describeDrift } from '../stacks/drift';
import type { Engine } from '../stacks/run';
import { describeDriftDetails } from './driftDetails';
import { launchOperation, repeated, requireIdle } from './launch';
import { cellKey, type Operation, type StackSet } from './model';
import { checkPreferences } from './preferences';
import type { StackSetStore } from './state';
import { checkAdministration, notFound } from './updates';

/** @throws ServiceError `OperationNotFoundException` */
function existing(set: StackSet, id: string | undefined): Operation {
  const operation = set.operations.get(id ?? '');
  if (!operation) {
    throw new ServiceError('OperationNotFoundException', `Operation ${id} not found`, 404);
  }
  return operation;
}

function failedCount(operation: Operation): number {
  return [...operation.results.values()].filter((result) => result.status === 'FAILED').length;
}

function describeOperation(set: StackSet, operation: Operation) {
  const targets = operation.deploymentTargets;
  return {
    OperationId: operation.id,
    StackSetId: set.id,
    Action: operation.action,
    Status: operation.status,
    OperationPreferences: operation.preferences,
    RetainStacks: operation.action === 'DELETE' ? operation.retainStacks : undefined,
    AdministrationRoleARN: set.administrationRoleArn,
    ExecutionRoleName: set.executionRoleName,
    CreationTimestamp: operation.createdAt,
    EndTimestamp: operation.endedAt,
    DeploymentTargets: targets
      ? {
          OrganizationalUnitIds: targets.organizationalUnitIds ? [...targets.organizationalUnitIds] : undefined,
          Accounts: targets.accounts ? [...targets.accounts] : undefined,
          AccountFilterType: targets.accountFilterType,
        }
      : undefined,
    StackSetDriftDetectionDetails: describeDriftDetails(operation.drift),
    StatusReason: operation.statusReason,
    StatusDetails: { FailedStackInstancesCount: failedCount(operation) },
  };
}

function listOperations(store: StackSetStore): Handler {
  return (input: ListStackSetOperationsInput, context) => {
    checkConstraints([['maxResults', input.MaxResults, { minimum: 1, maximum: 100 }]]);
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const newest = [...set.operations.values()].reverse();
    const page = paginate(newest, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return {
      Summaries: page.items.map((operation) => {
        const described = describeOperation(set, operation);
        const { OperationId, Action, Status, CreationTimestamp, EndTimestamp } = described;
        const { StatusReason, StatusDetails, OperationPreferences } = described;
        return {
          OperationId,
          Action,
          Status,
          CreationTimestamp,
          EndTimestamp,
          StatusReason,
          StatusDetails,
          OperationPreferences,
        };
      }),
      NextToken: page.nextToken,
    };
  };
}

function listResults(store: StackSetStore): Handler {
  return (input: ListStackSetOperationResultsInput, context) => {
    checkConstraints([['maxResults', input.MaxResults, { minimum: 1, maximum: 100 }]]);
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const operation = existing(set, input.OperationId);
    const results = [...operation.results.values()].filter((result) =>
      (input.Filters ?? []).every(({ Values }) => (Values ?? '').split(',').includes(result.status ?? '')),
    );
    const page = paginate(results, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return {
      Summaries: page.items.map((result) => ({
        Account: result.accountId,
        Region: result.region,
        Status: result.status,
        StatusReason: result.reason,
        AccountGateResult: {
          Status: 'SKIPPED',
          StatusReason: `Function not found: arn:${store.world.partition}:lambda:${result.region}:${result.accountId}:function:AWSCloudFormationStackSetAccountGate`,
        },
        OrganizationalUnitId: result.organizationalUnitId ?? '',
      })),
      NextToken: page.nextToken,
    };
  };
}

function stop(store: StackSetStore): Handler {
  return (input: StopStackSetOperationInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const operation = existing(set, input.OperationId);
    if (operation.status === 'SUCCEEDED' && isStranger(context)) {
      operation.status = 'STOPPED';
      return {};
    }
    if (operation.status !== 'RUNNING' && operation.status !== 'QUEUED') {
      throw new ServiceError('InvalidOperationException', `Operation ${operation.id} is not in progress`, 400);
    }
    operation.stopping = true;
    const queued = set.queue.findIndex((each) => each.operation === operation);
    if (queued >= 0) {
      set.queue.splice(queued, 1);
      operation.status = 'STOPPED';
      for (const result of operation.results.values()) {
        result.status = 'CANCELLED';
      }
    } else {
      operation.status = 'STOPPING';
    }
    return {};
  };
}

function detectDrift(engine: Engine, store: StackSetStore): Handler {
  return async (input: DetectStackSetDriftInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    const preferences = checkPreferences(input.OperationPreferences);
    const known = repeated(set, { operationId: input.OperationId, input });
    if (known) {
      return { OperationId: known.id };
    }
    requireIdle(set);
    await checkAdministration(engine, set);
    const request = { action: 'DETECT_DRIFT', operationId: input.OperationId, preferences, input } as const;
    return { OperationId: launchOperation(engine, set, request, [...set.instances.values()]).id };
  };
}

function resourceDrifts(engine: Engine, store: StackSetStore): Handler {
  return (input: ListStackInstanceResourceDriftsInput, context) => {
    const set = store.existing(input.StackSetName, context, input.CallAs);
    existing(set, input.OperationId);
    const [accountId, region] = [input.StackInstanceAccount ?? '', input.StackInstanceRegion ?? ''];
    const instance = set.instances.get(cellKey(accountId, region));
    if (!instance) {
      throw notFound(set, accountId, region);
    }
    const stack = instance.stackId === undefined ? undefined : engine.store.byArn(instance.stackId);
    const filters = new Set<string>(input.StackInstanceResourceDriftStatuses);
    const drifts = [...(stack?.resources.values() ?? [])]
      .filter((resource) => resource.drift && (filters.size === 0 || filters.has(resource.drift.status)))
      .map((resource) => describeDrift(stack as NonNullable<typeof stack>, resource));
    const page = paginate(drifts, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return {
      Summaries: page.items.map(({ ExpectedProperties: _expected, ActualProperties: _actual, ...each }) => each),
      NextToken: page.nextToken,
    };
  };
}

/** Operations on stack set operations, and drift. */
export function stackSetOperations(engine: Engine, store: StackSetStore): Record<string, Handler> {
  return {
    DescribeStackSetOperation: (input: DescribeStackSetOperationInput, context) => {
      const set = store.existing(input.StackSetName, context, input.CallAs);
      return { StackSetOperation: describeOperation(set, existing(set, input.OperationId)) };
    },
    ListStackSetOperations: listOperations(store),
    ListStackSetOperationResults: listResults(store),
    StopStackSetOperation: stop(store),
    DetectStackSetDrift: detectDrift(engine, store),
    ListStackInstanceResourceDrifts: resourceDrifts(engine, store),
    ListStackSetAutoDeploymentTargets: (input: ListStackSetAutoDeploymentTargetsInput, context) => {
      const set = store.existing(input.StackSetName, context, input.CallAs);
      const targets = [...set.autoTargets].map(([OrganizationalUnitId, regions]) => ({
        OrganizationalUnitId,
        Regions: [...regions],
      }));
      const page = paginate(targets, {
        token: input.NextToken,
        size: input.MaxResults,
        maximum: 100,
        invalidCode: 'ValidationError',
      });
      return { Summaries: page.items, NextToken: page.nextToken };
    },
  };
}
