import type { DescribeStackSetInput, ListStackSetsInput } from '@aws-sdk/client-cloudformation';
import { tagList } from '../../common/tags';
import { paginate } from '../../core/paginate';
import type { Handler } from '../../core/service';
import { checkConstraints } from '../constraints';
import type { Engine } from '../stacks/run';
import { describeParameters } from '../template/parameters';
import { describeDriftDetails } from './driftDetails';
import type { StackSet } from './model';
import { ownerOf, type StackSetStore } from './state';

function describeSet(set: StackSet) {
  const { current, autoDeployment: auto } = set;
  return {
    StackSetName: set.name,
    StackSetId: set.id,
    StackSetARN: set.arn,
    Description: current.description,
    Status: set.status,
    TemplateBody: current.template.body,
    Parameters: describeParameters(current.parameters).map(({ ParameterKey, ParameterValue }) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: [...current.capabilities],
    Tags: tagList(current.tags),
    AdministrationRoleARN: set.administrationRoleArn,
    ExecutionRoleName: set.executionRoleName,
    StackSetDriftDetectionDetails: describeDriftDetails(set.drift),
    AutoDeployment: auto
      ? {
          Enabled: auto.enabled,
          RetainStacksOnAccountRemoval: auto.enabled ? auto.retainStacks : undefined,
          DependsOn: auto.dependsOn.length > 0 ? [...auto.dependsOn] : undefined,
        }
      : undefined,
    PermissionModel: set.permissionModel,
    OrganizationalUnitIds: [...set.organizationalUnitIds],
    ManagedExecution: { Active: set.managedExecution },
    Regions: [...new Set([...set.instances.values()].map((instance) => instance.region))],
  };
}

function listStackSets(engine: Engine, store: StackSetStore): Handler {
  return (input: ListStackSetsInput, context) => {
    checkConstraints([
      ['maxResults', input.MaxResults, { minimum: 1, maximum: 100 }],
      ['status', input.Status, { values: ['ACTIVE', 'DELETED'] }],
    ]);
    const owner = ownerOf(engine.world, context, input.CallAs);
    const all = [...store.at(owner).byId.values()].filter(
      (set) =>
        (input.Status === undefined || set.status === input.Status) &&
        (input.CallAs !== 'DELEGATED_ADMIN' || set.permissionModel === 'SERVICE_MANAGED'),
    );
    const page = paginate(all, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 100,
      invalidCode: 'ValidationError',
    });
    return {
      Summaries: page.items.map((set) => {
        const { StackSetName, StackSetId, Description, Status, AutoDeployment, PermissionModel, ManagedExecution } =
          describeSet(set);
        return {
          StackSetName,
          StackSetId,
          Description,
          Status,
          AutoDeployment,
          PermissionModel,
          ManagedExecution,
          DriftStatus: set.drift?.status ?? 'NOT_CHECKED',
          LastDriftCheckTimestamp: set.drift?.checkedAt,
        };
      }),
      NextToken: page.nextToken,
    };
  };
}

/** DescribeStackSet, ListStackSets. */
export function describeSetOperations(engine: Engine, store: StackSetStore): Record<string, Handler> {
  return {
    DescribeStackSet: (input: DescribeStackSetInput, context) => ({
      StackSet: describeSet(store.existing(input.StackSetName, context, input.CallAs)),
    }),
    ListStackSets: listStackSets(engine, store),
  };
}
