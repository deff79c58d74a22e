import type { DesiredSettings, ObservedSettings } from './settings';

/**
 * GuardDuty lists ids without saying whose they are, so that finding a setting costs a list and a look. One of our
 * settings, the carrier, therefore keeps the ids of our others in its tags: looking at the carrier tells them all.
 */

/** A kind of setting; the first one with something in a region has the carrier. Destinations never do. */
export type SettingKind = 'filter' | IndexedKind;

/** Kinds whose ids the carrier keeps. Filters need none: their names are their ids. */
export type IndexedKind = 'trusted' | 'threat' | 'destination';

/** Ids of our settings by kind; a kind that is left out is not known. */
export type SettingsIndex = Readonly<Partial<Record<IndexedKind, readonly string[]>>>;

/** Which kinds are configured, and how they are looked for in a region. */
export interface SettingsOutline {
  /** The kind that has the carrier; none where there is nothing to carry. */
  readonly primary?: Exclude<SettingKind, 'destination'>;
  /** Names of the primary kind, any of which may be the carrier. */
  readonly carriers: readonly string[];
  /** Kinds that the carrier keeps. */
  readonly indexed: readonly IndexedKind[];
}

const kinds: readonly IndexedKind[] = ['trusted', 'threat', 'destination'];

/** How settings are looked for in a region. */
export function outlineOf(wanted: DesiredSettings, region: string): SettingsOutline {
  const names = (kind: SettingKind) => wantedNames(wanted, kind, region);
  const primary = (['filter', 'trusted', 'threat'] as const).find((kind) => (names(kind) ?? []).length > 0);
  const indexed = kinds.filter((kind) => kind !== primary && names(kind) !== undefined);
  return primary === undefined || indexed.length === 0
    ? { carriers: [], indexed: [] }
    : { primary, carriers: names(primary) ?? [], indexed };
}

/** Names of a kind's settings in a region, buckets of destinations; nothing when the kind is not configured. */
export function wantedNames(wanted: DesiredSettings, kind: SettingKind, region: string): string[] | undefined {
  const here = <T extends { readonly regions?: readonly string[] }>(items: readonly T[]) =>
    items.filter(({ regions }) => regions?.includes(region) ?? true);
  switch (kind) {
    case 'filter':
      return wanted.filters && here(wanted.filters).map(({ name }) => name);
    case 'destination':
      return (
        wanted.destinations &&
        here(wanted.destinations)
          .map(({ bucketArn }) => bucketArn)
          .slice(-1)
      );
    default:
      return wanted.lists?.[kind] && here(wanted.lists[kind] ?? []).map(({ name }) => name);
  }
}

/** Ids of our settings of a kind, as they were observed. */
export function ownIds({ lists, destination }: ObservedSettings, kind: IndexedKind): string[] {
  const found = kind === 'destination' ? [destination] : (lists?.[kind] ?? []);
  return found.flatMap((one) => (one?.ours ? [one.id] : [])).sort();
}

type Tags = Readonly<Record<string, string>>;

// An id is 32 characters, a tag's value at most 256: six threat lists fit.
const none = 'none';
const forgotten = 'unknown';

/** The index as tags. Without `index` it is forgotten: the next look lists everything again. */
export function indexTags(indexed: readonly IndexedKind[], index?: SettingsIndex): Tags {
  return Object.fromEntries(
    indexed.map((kind) => {
      const ids = index?.[kind];
      return [`garrison:${kind}`, ids === undefined ? forgotten : ids.join(' ') || none];
    }),
  );
}

/** The index that a setting's tags hold. */
export function indexOf(tags: Tags = {}): SettingsIndex {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const text = tags[`garrison:${kind}`];
      return text === undefined || text === forgotten ? [] : [[kind, text === none ? [] : text.split(' ').sort()]];
    }),
  );
}
