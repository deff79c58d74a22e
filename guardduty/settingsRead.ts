import {
  DescribePublishingDestinationCommand,
  GetFilterCommand,
  GetIPSetCommand,
  GetThreatIntelSetCommand,
  type GuardDutyClient,
  ListPublishingDestinationsCommand,
  paginateListFilters,
  paginateListIPSets,
  paginateListThreatIntelSets,
} from '@aws-sdk/client-guardduty';
import pMap from 'p-map';
import {
  type DesiredSettings,
  fromFindingCriteria,
  garrisonTag,
  type ListKind,
  type ObservedDestination,
  type ObservedFilter,
  type ObservedList,
  type ObservedSettings,
} from './settings';

const atOnce = 4;

/**
 * Reads the parts that are configured: for each kind one call, and one for each filter, list or destination that is
 * there.
 */
export async function readSettings(
  client: GuardDutyClient,
  detectorId: string,
  wanted: DesiredSettings,
): Promise<ObservedSettings> {
  const kinds = Object.keys(wanted.lists ?? {}) as ListKind[];
  const [filters, lists, destination] = await Promise.all([
    wanted.filters ? readFilters(client, detectorId) : undefined,
    Promise.all(kinds.map(async (kind) => [kind, await readLists(client, detectorId, kind)] as const)),
    wanted.destinations ? readDestination(client, detectorId) : undefined,
  ]);
  return {
    ...(filters ? { filters } : {}),
    ...(kinds.length > 0 ? { lists: Object.fromEntries(lists) } : {}),
    ...(destination ? { destination } : {}),
  };
}

async function readFilters(client: GuardDutyClient, DetectorId: string): Promise<ObservedFilter[]> {
  const names: string[] = [];
  for await (const page of paginateListFilters({ client, pageSize: 50 }, { DetectorId })) {
    names.push(...(page.FilterNames ?? []));
  }
  return pMap(names, (FilterName) => readFilter(client, DetectorId, FilterName), { concurrency: atOnce });
}

async function readFilter(client: GuardDutyClient, DetectorId: string, FilterName: string): Promise<ObservedFilter> {
  const answer = await client.send(new GetFilterCommand({ DetectorId, FilterName }));
  return {
    name: FilterName,
    description: answer.Description,
    action: answer.Action,
    rank: answer.Rank,
    criteria: fromFindingCriteria(answer.FindingCriteria),
    ours: isOurs(answer),
  };
}

async function readLists(client: GuardDutyClient, DetectorId: string, kind: ListKind): Promise<ObservedList[]> {
  const ids: string[] = [];
  if (kind === 'trusted') {
    for await (const page of paginateListIPSets({ client, pageSize: 50 }, { DetectorId })) {
      ids.push(...(page.IpSetIds ?? []));
    }
  } else {
    for await (const page of paginateListThreatIntelSets({ client, pageSize: 50 }, { DetectorId })) {
      ids.push(...(page.ThreatIntelSetIds ?? []));
    }
  }
  const lists = await pMap(ids, (id) => readList(client, DetectorId, kind, id), { concurrency: atOnce });
  return lists.filter(({ status }) => !/^DELETE/.test(status ?? ''));
}

async function readList(
  client: GuardDutyClient,
  DetectorId: string,
  kind: ListKind,
  id: string,
): Promise<ObservedList> {
  const answer =
    kind === 'trusted'
      ? await client.send(new GetIPSetCommand({ DetectorId, IpSetId: id }))
      : await client.send(new GetThreatIntelSetCommand({ DetectorId, ThreatIntelSetId: id }));
  const { Name = '', Format: format, Location: location, Status: status } = answer;
  return { kind, id, name: Name, format, location, status, ours: isOurs(answer) };
}

async function readDestination(client: GuardDutyClient, DetectorId: string): Promise<ObservedDestination | undefined> {
  const { Destinations = [] } = await client.send(new ListPublishingDestinationsCommand({ DetectorId }));
  const id = Destinations.find(({ DestinationType }) => DestinationType === 'S3')?.DestinationId;
  if (id === undefined) {
    return undefined;
  }
  const answer = await client.send(new DescribePublishingDestinationCommand({ DetectorId, DestinationId: id }));
  return {
    id,
    bucketArn: answer.DestinationProperties?.DestinationArn,
    kmsKeyArn: answer.DestinationProperties?.KmsKeyArn,
    status: answer.Status,
    ours: isOurs(answer),
  };
}

function isOurs({ Tags }: { readonly Tags?: Readonly<Record<string, string>> }): boolean {
  return Tags?.[garrisonTag] !== undefined;
}
