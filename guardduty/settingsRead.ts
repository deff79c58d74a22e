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
import {
  type IndexedKind,
  indexOf,
  outlineOf,
  type SettingKind,
  type SettingsIndex,
  wantedNames,
} from './settingsIndex';

const atOnce = 4;

interface Place {
  readonly client: GuardDutyClient;
  readonly detectorId: string;
}

/**
 * Reads the parts that are configured: one call, and one for each filter, list or destination that is there. Where nothing
 * keeps their ids, or what they say is not so, one more for each kind.
 */
export async function readSettings(
  client: GuardDutyClient,
  detectorId: string,
  wanted: DesiredSettings,
  region: string,
): Promise<ObservedSettings> {
  const place = { client, detectorId };
  const { primary, carriers, indexed } = outlineOf(wanted, region);
  const configured = allKinds.filter((kind) => wantedNames(wanted, kind, region) !== undefined);
  const first = primary ? await readKind(place, primary) : {};
  const index = primary ? carriedIndex(first, primary, carriers) : {};
  const others = await Promise.all(
    configured
      .filter((kind) => kind !== primary)
      .map(async (kind) => {
        const ids = indexed.find((each) => each === kind) && index[kind as IndexedKind];
        const known =
          ids && (await readKnown(place, kind as IndexedKind, ids, wantedNames(wanted, kind, region) ?? []));
        return known ?? (await readKind(place, kind));
      }),
  );
  return merged([first, ...others]);
}

const allKinds: readonly SettingKind[] = ['filter', 'trusted', 'threat', 'destination'];

function merged(parts: readonly ObservedSettings[]): ObservedSettings {
  const lists = Object.assign({}, ...parts.map((part) => part.lists));
  const all: ObservedSettings = Object.assign({}, ...parts);
  return Object.keys(lists).length > 0 ? { ...all, lists } : all;
}

/** All that there is of a kind. */
export async function readKind({ client, detectorId }: Place, kind: SettingKind): Promise<ObservedSettings> {
  switch (kind) {
    case 'filter':
      return { filters: await readFilters(client, detectorId) };
    case 'destination': {
      const destination = await readDestination(client, detectorId);
      return destination ? { destination } : {};
    }
    default:
      return { lists: { [kind]: await readLists(client, detectorId, kind) } };
  }
}

function carriedIndex(
  { filters, lists }: ObservedSettings,
  primary: 'filter' | ListKind,
  carriers: readonly string[],
): SettingsIndex {
  const found: readonly (ObservedFilter | ObservedList)[] = (primary === 'filter' ? filters : lists?.[primary]) ?? [];
  const own = carriers.map((name) => found.find((one) => one.ours && one.name === name));
  return own.find((one) => one !== undefined)?.index ?? {};
}

/** Those with known ids; nothing when one is gone, or when something that is wanted is not among them. */
async function readKnown(
  place: Place,
  kind: IndexedKind,
  ids: readonly string[],
  names: readonly string[],
): Promise<ObservedSettings | undefined> {
  const { client, detectorId } = place;
  try {
    if (kind === 'destination') {
      const [id] = ids;
      const isMissing = id === undefined && names.length > 0;
      return isMissing ? undefined : id === undefined ? {} : { destination: await readOne(client, detectorId, id) };
    }
    const lists = await pMap(ids, (id) => readList(client, detectorId, kind, id), { concurrency: atOnce });
    const isWhole = lists.every(({ status }) => !/^DELETE/.test(status ?? ''));
    const isThere = names.every((name) => lists.some((list) => list.name === name));
    return isWhole && isThere ? { lists: { [kind]: lists } } : undefined;
  } catch (error) {
    if ((error as Error).name === 'BadRequestException') {
      return undefined;
    }
    throw error;
  }
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
    ...ownership(answer),
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
  return { kind, id, name: Name, format, location, status, ...ownership(answer) };
}

async function readDestination(client: GuardDutyClient, DetectorId: string): Promise<ObservedDestination | undefined> {
  const { Destinations = [] } = await client.send(new ListPublishingDestinationsCommand({ DetectorId }));
  const id = Destinations.find(({ DestinationType }) => DestinationType === 'S3')?.DestinationId;
  if (id === undefined) {
    return undefined;
  }
  return readOne(client, DetectorId, id);
}

async function readOne(client: GuardDutyClient, DetectorId: string, id: string): Promise<ObservedDestination> {
  const answer = await client.send(new DescribePublishingDestinationCommand({ DetectorId, DestinationId: id }));
  return {
    id,
    bucketArn: answer.DestinationProperties?.DestinationArn,
    kmsKeyArn: answer.DestinationProperties?.KmsKeyArn,
    status: answer.Status,
    ours: isOurs(answer),
  };
}

interface Tagged {
  readonly Tags?: Readonly<Record<string, string>>;
}

function isOurs({ Tags }: Tagged): boolean {
  return Tags?.[garrisonTag] !== undefined;
}

function ownership(answer: Tagged): { readonly ours: boolean; readonly index: SettingsIndex } {
  return { ours: isOurs(answer), index: indexOf(answer.Tags) };
}
