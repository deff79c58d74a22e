import {
  type FindingStatistics,
  FindingStatisticType,
  type GetFindingsStatisticsRequest,
  GroupByType,
  OrderBy,
} from '@aws-sdk/client-guardduty';
import type { Handler } from '../../core/service';
import { badRequest, invalidInput } from '../errors';
import { oneOf } from '../input';
import type { GuardDutyState } from '../state';
import { meets } from './criteria';
import { type Finding, findingDocument } from './finding';
import { visibleFindings } from './operations';

/** Findings that have a key in common, with the time of the youngest. */
interface Group {
  readonly findings: Finding[];
  readonly last: Date;
}

function groups(findings: readonly Finding[], key: (finding: Finding) => string): Group[] {
  const byKey = new Map<string, Finding[]>();
  for (const finding of findings) {
    byKey.set(key(finding), [...(byKey.get(key(finding)) ?? []), finding]);
  }
  return [...byKey.values()].map((members) => ({
    findings: members,
    last: new Date(Math.max(...members.map((finding) => Date.parse(finding.UpdatedAt as string)))),
  }));
}

/** The resource that a finding is about, by the id that its type of resource has. */
function resourceId(finding: Finding): string {
  const resource = finding.Resource;
  return (
    resource?.InstanceDetails?.InstanceId ??
    resource?.S3BucketDetails?.[0]?.Arn ??
    resource?.EksClusterDetails?.Arn ??
    resource?.EcsClusterDetails?.Arn ??
    resource?.LambdaDetails?.FunctionArn ??
    resource?.RdsDbInstanceDetails?.DbInstanceArn ??
    resource?.AccessKeyDetails?.AccessKeyId ??
    'unknown'
  );
}

const day = (finding: Finding): string => (finding.UpdatedAt as string).slice(0, 10);

function counted(group: Group): { LastGeneratedAt: Date; TotalFindings: number } {
  const total = group.findings.reduce((sum, finding) => sum + (finding.Service.Count ?? 1), 0);
  return { LastGeneratedAt: group.last, TotalFindings: total };
}

const first = (group: Group): Finding => group.findings[0] as Finding;

function grouped(findings: readonly Finding[], by: GroupByType, limit: number, ascending: boolean): FindingStatistics {
  const cut = (key: (finding: Finding) => string): Group[] => {
    const found = groups(findings, key).sort((a, b) => counted(b).TotalFindings - counted(a).TotalFindings);
    return (ascending ? found.reverse() : found).slice(0, limit);
  };
  switch (by) {
    case 'ACCOUNT':
      return {
        GroupedByAccount: cut(({ AccountId }) => AccountId as string).map((group) => ({
          AccountId: first(group).AccountId,
          ...counted(group),
        })),
      };
    case 'DATE':
      return {
        GroupedByDate: cut((finding) => `${day(finding)} ${finding.Severity}`).map((group) => ({
          Date: new Date(`${day(first(group))}T00:00:00Z`),
          Severity: first(group).Severity,
          ...counted(group),
        })),
      };
    case 'FINDING_TYPE':
      return {
        GroupedByFindingType: cut(({ Type }) => Type as string).map((group) => ({
          FindingType: first(group).Type,
          ...counted(group),
        })),
      };
    case 'RESOURCE':
      return {
        GroupedByResource: cut((finding) => `${finding.AccountId} ${resourceId(finding)}`).map((group) => ({
          AccountId: first(group).AccountId,
          ResourceId: resourceId(first(group)),
          ResourceType: first(group).Resource?.ResourceType,
          ...counted(group),
        })),
      };
    case 'SEVERITY':
      return {
        GroupedBySeverity: cut(({ Severity }) => String(Severity)).map((group) => ({
          Severity: first(group).Severity,
          ...counted(group),
        })),
      };
  }
}

function countBySeverity(findings: readonly Finding[]): FindingStatistics {
  const counts: Record<string, number> = {};
  for (const { Severity } of findings) {
    const key = (Severity ?? 0).toFixed(1);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return { CountBySeverity: counts };
}

/** GetFindingsStatistics: one kind of count, or one grouping, at a time. */
export function statisticsOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    GetFindingsStatistics: (input: GetFindingsStatisticsRequest, context) => {
      const all = visibleFindings(state, input.DetectorId, context);
      const types = input.FindingStatisticTypes ?? [];
      const by = oneOf(input.GroupBy, GroupByType);
      const order = oneOf(input.OrderBy, OrderBy);
      const limit = input.MaxResults ?? 25;
      if (types.length > 0 === (by !== undefined) || types.length > 10 || limit < 1 || limit > 100) {
        throw invalidInput();
      }
      if (types.some((type) => type !== FindingStatisticType.COUNT_BY_SEVERITY)) {
        throw badRequest('The request is rejected because of invalid finding statistic type is specified.');
      }
      const findings = all.filter((finding) => meets(findingDocument(finding), input.FindingCriteria));
      return {
        FindingStatistics: by ? grouped(findings, by, limit, order === 'ASC') : countBySeverity(findings),
      };
    },
  };
}
