import {
  type Condition,
  type Finding,
  GetFindingsCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { forEach } from '../organization/cells';
import type { GarrisonError } from '../organization/errors';
import type { Session } from '../organization/sessions';
import { batches } from './change';

/** Which findings are wanted; everything that is left out is not asked for. */
export interface FindingFilter {
  /** From 1 to 10, inclusive. */
  readonly minimumSeverity?: number;
  readonly accountIds?: readonly string[];
  /** Full finding types, such as `UnauthorizedAccess:EC2/TorClient`. */
  readonly types?: readonly string[];
  /** Last seen at this time or later. */
  readonly since?: Date;
  /** Archived ones instead of current ones. */
  readonly archived?: boolean;
  /** The gravest of each region. */
  readonly limit?: number;
}

/** One finding, as much as a list shows. */
export interface ListedFinding {
  readonly id: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly type: string;
  /** From 1 to 10. */
  readonly severity: number;
  readonly title: string;
  readonly description: string;
  readonly resourceType?: string;
  readonly count: number;
  /** ISO 8601. */
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly sample: boolean;
}

/** Findings of all regions, the gravest first, and the regions that could not be read. */
export interface Findings {
  readonly findings: readonly ListedFinding[];
  readonly unread: readonly { readonly region: string; readonly error: GarrisonError }[];
}

/**
 * Lists findings of every member from the administrator: one call a region for its detector, and two for every 50
 * findings. A region that cannot be read is part of the answer.
 */
export async function listFindings(
  administrator: Session,
  regions: readonly string[],
  filter: FindingFilter,
  options: { readonly concurrency: number },
): Promise<Findings> {
  const places = regions.map((region) => ({ accountId: administrator.accountId, region }));
  const outcomes = await forEach(places, options.concurrency, ({ region }) =>
    findingsIn(administrator.client(GuardDutyClient, region), region, filter),
  );
  const findings = outcomes.flatMap((outcome) => (outcome.status === 'done' ? outcome.result : []));
  const unread = outcomes.flatMap((outcome) =>
    outcome.status === 'failed' ? [{ region: outcome.target.region, error: outcome.error }] : [],
  );
  return { findings: findings.sort(byGravity), unread };
}

function byGravity(one: ListedFinding, other: ListedFinding): number {
  return other.severity - one.severity || (other.lastSeen ?? '').localeCompare(one.lastSeen ?? '');
}

async function findingsIn(client: GuardDutyClient, region: string, filter: FindingFilter): Promise<ListedFinding[]> {
  const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  if (DetectorId === undefined) {
    return [];
  }
  const ids = await findingIds(client, DetectorId, filter);
  const found: ListedFinding[] = [];
  for (const FindingIds of batches(ids)) {
    const { Findings = [] } = await client.send(new GetFindingsCommand({ DetectorId, FindingIds }));
    found.push(...Findings.map((finding) => listed(finding, region)));
  }
  return found;
}

async function findingIds(client: GuardDutyClient, DetectorId: string, filter: FindingFilter): Promise<string[]> {
  const limit = filter.limit ?? Number.POSITIVE_INFINITY;
  const ids: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListFindingsCommand({
        DetectorId,
        FindingCriteria: { Criterion: criteria(filter) },
        SortCriteria: { AttributeName: 'severity', OrderBy: 'DESC' },
        MaxResults: Math.min(50, limit - ids.length),
        NextToken,
      }),
    );
    ids.push(...(page.FindingIds ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined && ids.length < limit);
  return ids;
}

function criteria(filter: FindingFilter): Record<string, Condition> {
  const { minimumSeverity, accountIds, types, since, archived = false } = filter;
  return {
    'service.archived': { Equals: [String(archived)] },
    ...(minimumSeverity === undefined ? {} : { severity: { GreaterThanOrEqual: minimumSeverity } }),
    ...(accountIds === undefined ? {} : { accountId: { Equals: [...accountIds] } }),
    ...(types === undefined ? {} : { type: { Equals: [...types] } }),
    ...(since === undefined ? {} : { updatedAt: { GreaterThanOrEqual: since.getTime() } }),
  };
}

function listed(finding: Finding, region: string): ListedFinding {
  const { Service, Resource } = finding;
  return {
    id: finding.Id ?? '',
    arn: finding.Arn ?? '',
    accountId: finding.AccountId ?? '',
    region: finding.Region ?? region,
    type: finding.Type ?? '',
    severity: finding.Severity ?? 0,
    title: finding.Title ?? '',
    description: finding.Description ?? '',
    resourceType: Resource?.ResourceType,
    count: Service?.Count ?? 1,
    firstSeen: Service?.EventFirstSeen ?? finding.CreatedAt,
    lastSeen: Service?.EventLastSeen ?? finding.UpdatedAt,
    sample: isSample(Service?.AdditionalInfo?.Value),
  };
}

/** GuardDuty marks samples in free-form JSON. */
function isSample(additional: string | undefined): boolean {
  try {
    return (JSON.parse(additional ?? '{}') as { sample?: unknown } | null)?.sample === true;
  } catch {
    return false;
  }
}
