import {
  CoverageFilterCriterionKey,
  type CoverageResource,
  CoverageSortKey,
  CoverageStatisticsType,
  type GetCoverageStatisticsRequest,
  type ListCoverageRequest,
  OrderBy,
} from '@aws-sdk/client-guardduty';
import type { CallContext, Handler } from '../core/service';
import { invalidInput } from './errors';
import { oneOf, page } from './input';
import type { Detector, GuardDutyState } from './state';

interface Instance {
  readonly InstanceId: string;
  readonly InstanceType?: string;
}

/** Instances that run in an account, as EC2 tells GuardDuty. */
async function instancesOf(state: GuardDutyState, accountId: string, context: CallContext): Promise<Instance[]> {
  const caller = state.world.serviceCaller('guardduty.amazonaws.com', {
    accountId,
    arn: `arn:aws:ec2::${accountId}:*`,
  });
  const input = { Filters: [{ Name: 'instance-state-name', Values: ['running'] }] };
  const { Reservations = [] } = await state.world.call<{ Reservations?: { Instances?: Instance[] }[] }>(
    'ec2',
    'DescribeInstances',
    input,
    { caller, region: context.region, accountId },
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

/** An instance is covered where GuardDuty brings its agent by itself; where it does not, no agent reports here. */
function resource(detector: Detector, accountId: string, instance: Instance): CoverageResource {
  const setting = detector.features.get('RUNTIME_MONITORING')?.additional.get('EC2_AGENT_MANAGEMENT');
  const managed = setting?.status === 'ENABLED';
  return {
    ResourceId: instance.InstanceId,
    DetectorId: detector.id,
    AccountId: accountId,
    ResourceDetails: {
      ResourceType: 'EC2',
      Ec2InstanceDetails: {
        InstanceId: instance.InstanceId,
        InstanceType: instance.InstanceType,
        ManagementType: managed ? 'AUTO_MANAGED' : 'MANUAL',
      },
    },
    CoverageStatus: managed ? 'HEALTHY' : 'UNHEALTHY',
    Issue: managed ? undefined : 'No Agent Reporting',
    UpdatedAt: detector.updatedAt,
  };
}

/** Resources under runtime monitoring that the owner of a detector sees: its own and its enabled members'. */
async function covered(state: GuardDutyState, detectorId: string | undefined, context: CallContext) {
  const own = state.detector(detectorId, context);
  const members = [...own.members.values()].filter(({ status }) => status === 'Enabled');
  const found: CoverageResource[] = [];
  for (const id of [context.accountId, ...members.map(({ accountId }) => accountId)]) {
    const { detector } = state.at(id, context);
    if (detector?.features.get('RUNTIME_MONITORING')?.status === 'ENABLED') {
      const instances = await instancesOf(state, id, context);
      found.push(...instances.map((instance) => resource(detector, id, instance)));
    }
  }
  return found;
}

const attributes: Readonly<Record<string, (resource: CoverageResource) => string | undefined>> = {
  ACCOUNT_ID: ({ AccountId }) => AccountId,
  COVERAGE_STATUS: ({ CoverageStatus }) => CoverageStatus,
  INSTANCE_ID: ({ ResourceId }) => ResourceId,
  ISSUE: ({ Issue }) => Issue,
  MANAGEMENT_TYPE: ({ ResourceDetails }) => ResourceDetails?.Ec2InstanceDetails?.ManagementType,
  RESOURCE_TYPE: ({ ResourceDetails }) => ResourceDetails?.ResourceType,
  UPDATED_AT: ({ UpdatedAt }) => UpdatedAt?.toISOString(),
};

const attribute = (key: string | undefined, each: CoverageResource): string => attributes[key ?? '']?.(each) ?? '';

function filter(resources: readonly CoverageResource[], criteria: FilterOf | undefined): CoverageResource[] {
  const all = criteria?.FilterCriterion ?? [];
  if (all.length > 50) {
    throw invalidInput();
  }
  for (const { CriterionKey } of all) {
    oneOf(CriterionKey, CoverageFilterCriterionKey);
  }
  return resources.filter((each) =>
    all.every(({ CriterionKey: key, FilterCondition: condition }) => {
      const value = attribute(key, each);
      return (condition?.Equals?.includes(value) ?? true) && !condition?.NotEquals?.includes(value);
    }),
  );
}

type FilterOf = ListCoverageRequest['FilterCriteria'];

function counts(resources: readonly CoverageResource[], key: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const each of resources) {
    const value = attribute(key, each);
    found[value] = (found[value] ?? 0) + 1;
  }
  return found;
}

/** Runtime coverage: which instances GuardDuty's agent reports from. Clusters do not exist here. */
export function coverageOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    ListCoverage: async (input: ListCoverageRequest, context) => {
      const key = oneOf(input.SortCriteria?.AttributeName, CoverageSortKey) ?? 'ACCOUNT_ID';
      const sign = oneOf(input.SortCriteria?.OrderBy, OrderBy) === 'DESC' ? -1 : 1;
      const resources = filter(await covered(state, input.DetectorId, context), input.FilterCriteria);
      resources.sort((a, b) => sign * attribute(key, a).localeCompare(attribute(key, b)));
      const found = page(resources, input);
      return { Resources: found.items, NextToken: found.nextToken };
    },
    GetCoverageStatistics: async (input: GetCoverageStatisticsRequest, context) => {
      const types = (input.StatisticsType ?? []).map((type) => oneOf(type, CoverageStatisticsType));
      if (types.length === 0) {
        throw invalidInput();
      }
      const resources = filter(await covered(state, input.DetectorId, context), input.FilterCriteria);
      return {
        CoverageStatistics: {
          CountByResourceType: types.includes('COUNT_BY_RESOURCE_TYPE')
            ? counts(resources, 'RESOURCE_TYPE')
            : undefined,
          CountByCoverageStatus: types.includes('COUNT_BY_COVERAGE_STATUS')
            ? counts(resources, 'COVERAGE_STATUS')
            : undefined,
        },
      };
    },
  };
}
