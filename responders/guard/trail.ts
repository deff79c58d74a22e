import type { AdvancedEventSelector, EventSelector, Trail } from '@aws-sdk/client-cloudtrail';
import type { Json } from '../plan';
import { unless } from '../read';
import type { Decision, Look, Question, Target } from '../responder';
import { tagsOf } from '../wildcard';

/** A trail: whether it logs, and what. */
export interface TrailFacts {
  readonly kind: 'trail';
  readonly arn: string;
  readonly homeRegion: string;
  readonly logging: boolean;
  readonly selectors: readonly EventSelector[];
  readonly advanced: readonly AdvancedEventSelector[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A trail by its name or ARN; `undefined` when there is none. */
export async function observeTrail({ resource }: Target, look: Look): Promise<TrailFacts | undefined> {
  const read = <Output>(operation: string, input: Json) =>
    look.read<Output>({ service: 'cloudtrail', operation, input });
  const found = await unless(read<{ Trail?: Trail }>('GetTrail', { Name: resource }), ['TrailNotFoundException']);
  const { TrailARN, HomeRegion = look.place.region } = found?.Trail ?? {};
  if (TrailARN === undefined) {
    return undefined;
  }
  const [status, selectors, tags] = await Promise.all([
    read<{ IsLogging?: boolean }>('GetTrailStatus', { Name: TrailARN }),
    read<{ EventSelectors?: EventSelector[]; AdvancedEventSelectors?: AdvancedEventSelector[] }>('GetEventSelectors', {
      TrailName: TrailARN,
    }),
    read<{ ResourceTagList?: { TagsList?: { Key?: string; Value?: string }[] }[] }>('ListTags', {
      ResourceIdList: [TrailARN],
    }),
  ]);
  return {
    kind: 'trail',
    arn: TrailARN,
    homeRegion: HomeRegion,
    logging: status.IsLogging ?? false,
    selectors: selectors.EventSelectors ?? [],
    advanced: selectors.AdvancedEventSelectors ?? [],
    tags: tagsOf(tags.ResourceTagList?.[0]?.TagsList),
  };
}

/** Logging again; or, where the selectors were changed, management events of reads and writes in them again. Pure. */
export function decideTrail(facts: TrailFacts, { strategy, target }: Question): Decision {
  return target.kind === 'Selectors' ? decideSelectors(facts, strategy) : decideLogging(facts, strategy);
}

function decideLogging({ arn, homeRegion, logging }: TrailFacts, strategy: string): Decision {
  if (logging) {
    return { kind: 'nothing', reasons: [`the trail ${arn} logs`] };
  }
  const reasons = [`the trail ${arn} does not log`];
  const call = { service: 'cloudtrail', region: homeRegion, input: { Name: arn } } as const;
  return strategy !== 'restore'
    ? { kind: 'notify', reasons, advice: [`start it again: aws cloudtrail start-logging --name ${arn}`] }
    : {
        kind: 'act',
        reasons,
        steps: [
          {
            ...call,
            operation: 'StartLogging',
            does: `starts the trail ${arn}`,
            stale: ['TrailNotFoundException'],
            undo: [{ ...call, operation: 'StopLogging', does: `stops the trail ${arn} again` }],
          },
        ],
      };
}

function decideSelectors(facts: TrailFacts, strategy: string): Decision {
  const { arn, homeRegion, selectors, advanced } = facts;
  const before: Json =
    advanced.length > 0
      ? { AdvancedEventSelectors: plain(advanced) }
      : { EventSelectors: plain(selectors.length > 0 ? selectors : [noManagementEvents]) };
  const wanted = strengthened(facts);
  if (wanted === undefined) {
    return { kind: 'nothing', reasons: [`the trail ${arn} records all management events`] };
  }
  const reasons = [`the selectors of the trail ${arn} leave management events out`];
  const put = (selection: Json, does: string) =>
    ({
      service: 'cloudtrail',
      region: homeRegion,
      operation: 'PutEventSelectors',
      does,
      input: { TrailName: arn, ...(selection as object) },
      stale: ['TrailNotFoundException'],
    }) as const;
  return strategy !== 'restore'
    ? { kind: 'notify', reasons, advice: ['put management events of reads and writes into its selectors'] }
    : {
        kind: 'act',
        reasons,
        steps: [
          {
            ...put(wanted, `puts all management events into the selectors of the trail ${arn}`),
            undo: [put(before, `sets the selectors of the trail ${arn} back`)],
          },
        ],
      };
}

const noManagementEvents: EventSelector = { ReadWriteType: 'All', IncludeManagementEvents: false, DataResources: [] };

/** The selectors with all management events in them; `undefined` when they are in already. */
export function strengthened({ selectors, advanced }: Pick<TrailFacts, 'selectors' | 'advanced'>): Json | undefined {
  if (advanced.length > 0) {
    return advanced.some(isManagement)
      ? undefined
      : { AdvancedEventSelectors: plain([...advanced.filter((each) => !isPartOfManagement(each)), allManagement]) };
  }
  const isComplete = selectors.some(
    ({ ReadWriteType = 'All', IncludeManagementEvents = true, ExcludeManagementEventSources = [] }) =>
      ReadWriteType === 'All' && IncludeManagementEvents && ExcludeManagementEventSources.length === 0,
  );
  if (isComplete) {
    return undefined;
  }
  const [first = {}, ...others] = selectors;
  // A selector may be of reads or of writes only: its data resources keep that, the management events do not.
  const own =
    (first.ReadWriteType ?? 'All') === 'All' || (first.DataResources ?? []).length === 0
      ? [{ ...first, ReadWriteType: 'All', IncludeManagementEvents: true, ExcludeManagementEventSources: [] }]
      : [
          { ...first, IncludeManagementEvents: false, ExcludeManagementEventSources: [] },
          { ReadWriteType: 'All', IncludeManagementEvents: true },
        ];
  const rest = others.map((each) => ({ ...each, IncludeManagementEvents: false, ExcludeManagementEventSources: [] }));
  return { EventSelectors: plain([...own, ...rest]) };
}

const allManagement: AdvancedEventSelector = {
  Name: 'Management events',
  FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }],
};

function isPartOfManagement({ FieldSelectors = [] }: AdvancedEventSelector): boolean {
  return FieldSelectors.some(({ Field, Equals = [] }) => Field === 'eventCategory' && Equals.includes('Management'));
}

function isManagement(selector: AdvancedEventSelector): boolean {
  return isPartOfManagement(selector) && selector.FieldSelectors?.length === 1;
}

/** Without members that are not set. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
