import type { FactName } from '../alert';
import type { SeverityBand } from '../settings';
/** Names of the parts of a message. */
export type LabelName =
  | 'account'
  | 'organizationalUnit'
  | 'region'
  | 'severity'
  | 'resource'
  | 'actor'
  | 'remote'
  | 'action'
  | 'count'
  | 'seen'
  | 'type'
  | 'finding'
  | 'event'
  | 'detection'
  | 'runbook';

/**
 * Texts with places in them, and the places' names. What is in `[…]` is left out where a place in it is empty; before
 * `|` stands what is said when `count` is 1.
 */
export interface TextPlaces {
  readonly sample: never;
  readonly unknownAccount: never;
  readonly blocked: never;
  /** What happened, in one sentence: a finding. `told` is GuardDuty's title, or the headline where it has none. */
  readonly finding: 'resource' | 'headline' | 'title' | 'told';
  /** `noMfa` is `MFA` where there was none. */
  readonly signIn: 'actor' | 'Actor' | 'noMfa';
  readonly signInFailed: 'actor' | 'Actor' | 'error';
  readonly apiCall: 'actor' | 'Actor' | 'call' | 'resource' | 'error';
  /** The sentence of the event that was one too many. */
  readonly counted: 'count' | 'duration' | 'sentence';
  readonly hours: 'count';
  readonly minutes: 'count';
  readonly seconds: 'count';
  readonly variant: 'letter';
  readonly signals: 'count';
  readonly more: 'count';
  readonly refusedWith: 'error';
  /** The line that grows under a message when the same comes again. */
  readonly repeated: 'count' | 'last';
  /** In front of what is new when the same comes again. */
  readonly again: 'what';
  readonly digest: 'count' | 'seconds';
  readonly byType: never;
  readonly byAccount: never;
  readonly bySeverity: never;
  /** Where every alert of a digest can be read. */
  readonly inFile: never;
  readonly inTable: never;
}

/** All words of the messages in one language: plain data, beside the function's code in `catalog.json`. */
export interface Catalog {
  readonly language: 'en' | 'ja';
  readonly severity: Readonly<Record<SeverityBand, string>>;
  /** Labels whose name does not read well by itself. */
  readonly labels: Readonly<Partial<Record<LabelName, string>>>;
  /** Facts whose name does not read well by itself. */
  readonly facts: Readonly<Partial<Record<FactName, string>>>;
  /** Kinds of resources and actors in words, by AWS's name for them. */
  readonly kinds: Readonly<Record<string, string>>;
  /** GuardDuty's threat purposes in words. */
  readonly purposes: Readonly<Record<string, string>>;
  readonly buttons: {
    readonly console: string;
    readonly finding: string;
    readonly event: string;
    readonly silence: string;
    readonly runbook: string;
  };
  readonly texts: Readonly<Record<keyof TextPlaces, string>>;
}

/** A text of the catalog with its places filled, as they are: texts from events are escaped by whoever calls. */
export function say<Name extends keyof TextPlaces>(
  catalog: Catalog,
  name: Name,
  places?: Readonly<Partial<Record<TextPlaces[Name], string | number | undefined>>>,
): string {
  const values: Readonly<Record<string, string | number | undefined>> = { ...places };
  const [one = '', many = one] = catalog.texts[name].split('|');
  return filled(values.count === 1 ? one : many, values);
}

/** In one go, so that nothing in a value is taken for a place. */
function filled(text: string, values: Readonly<Record<string, string | number | undefined>>): string {
  return text.replace(/\[(.*?\{(\w+)\}.*?)\]|\{(\w+)\}/g, (_, part: string, needed: string, place: string) =>
    place ? (values[place] ?? '').toLocaleString('en-US') : values[needed] ? filled(part, values) : '',
  );
}
