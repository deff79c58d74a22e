import type { FindingCriteria } from '@aws-sdk/client-guardduty';
import type { SettingsIndex } from './settingsIndex';

/** Tag of what Garrison created: nothing without it is changed. */
export const garrisonTag = 'garrison';

/** A filter of findings; with ARCHIVE a suppression rule. */
export interface DesiredFilter {
  readonly name: string;
  readonly description?: string;
  readonly action: 'ARCHIVE' | 'NOOP';
  /** Its place; left to GuardDuty unless given. */
  readonly rank?: number;
  readonly criteria: Criteria;
  readonly regions?: readonly string[];
}

/** What a field of a finding is compared with. */
export interface Condition {
  readonly equals?: readonly string[];
  readonly notEquals?: readonly string[];
  readonly matches?: readonly string[];
  readonly notMatches?: readonly string[];
  readonly greaterThan?: number;
  readonly greaterThanOrEqual?: number;
  readonly lessThan?: number;
  readonly lessThanOrEqual?: number;
}

/** By a finding's field, in GuardDuty's names. */
export type Criteria = Readonly<Record<string, Condition>>;

/** `trusted`: addresses that raise no findings. `threat`: addresses that always do. */
export type ListKind = 'trusted' | 'threat';

/** A list of addresses, and the file in S3 that GuardDuty reads it from. */
export interface DesiredList {
  readonly kind: ListKind;
  readonly name: string;
  readonly format: string;
  /** Ends in a hash of the content: another content is another location. */
  readonly location: string;
  readonly object: ListObject;
  readonly regions?: readonly string[];
}

/** What is to be uploaded, and where to. */
export interface ListObject {
  readonly bucket: string;
  readonly key: string;
  /** The bucket's region. */
  readonly region: string;
  /** Absolute path. */
  readonly file: string;
}

/** Where findings are exported to. */
export interface DesiredDestination {
  readonly bucketArn: string;
  readonly kmsKeyArn: string;
  readonly regions?: readonly string[];
}

/** What the administrator alone has. A part that is left out is neither read nor changed. */
export interface DesiredSettings {
  readonly filters?: readonly DesiredFilter[];
  /** Kinds that are left out are not looked at. */
  readonly lists?: Readonly<Partial<Record<ListKind, readonly DesiredList[]>>>;
  readonly destinations?: readonly DesiredDestination[];
}

interface Observed {
  /** It carries Garrison's tag. */
  readonly ours: boolean;
  /** Ids of our other settings, where it keeps them. */
  readonly index?: SettingsIndex;
}

export interface ObservedFilter extends Observed {
  readonly name: string;
  readonly description?: string;
  readonly action?: string;
  readonly rank?: number;
  readonly criteria: Criteria;
}

export interface ObservedList extends Observed {
  readonly kind: ListKind;
  readonly id: string;
  readonly name: string;
  readonly format?: string;
  readonly location?: string;
  readonly status?: string;
}

export interface ObservedDestination extends Observed {
  readonly id: string;
  readonly bucketArn?: string;
  readonly kmsKeyArn?: string;
  readonly status?: string;
}

/** As far as they were asked for. */
export interface ObservedSettings {
  readonly filters?: readonly ObservedFilter[];
  readonly lists?: Readonly<Partial<Record<ListKind, readonly ObservedList[]>>>;
  readonly destination?: ObservedDestination;
}

const members = [
  ['equals', 'Equals', 'Eq'],
  ['notEquals', 'NotEquals', 'Neq'],
  ['matches', 'Matches', undefined],
  ['notMatches', 'NotMatches', undefined],
  ['greaterThan', 'GreaterThan', 'Gt'],
  ['greaterThanOrEqual', 'GreaterThanOrEqual', 'Gte'],
  ['lessThan', 'LessThan', 'Lt'],
  ['lessThanOrEqual', 'LessThanOrEqual', 'Lte'],
] as const;

/** As GuardDuty takes it. */
export function toFindingCriteria(criteria: Criteria): FindingCriteria {
  const conditions = Object.entries(criteria).map(([field, condition]) => {
    const known = members.filter(([ours]) => condition[ours] !== undefined);
    return [field, Object.fromEntries(known.map(([ours, theirs]) => [theirs, condition[ours]]))];
  });
  return { Criterion: Object.fromEntries(conditions) };
}

/** From GuardDuty's answer, which may hold the older names of comparisons, or both. */
export function fromFindingCriteria({ Criterion = {} }: FindingCriteria = {}): Criteria {
  const conditions = Object.entries(Criterion).map(([field, condition]) => {
    const given = condition as Readonly<Record<string, unknown>>;
    const values = members.map(([ours, theirs, older]) => [ours, given[theirs] ?? (older && given[older])] as const);
    return [field, Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== null))];
  });
  return Object.fromEntries(conditions);
}

/** Whether two criteria match the same findings, whatever the order of fields and values. */
export function sameCriteria(one: Criteria, other: Criteria): boolean {
  return canonical(one) === canonical(other);
}

function canonical(criteria: Criteria): string {
  const fields = Object.keys(criteria).sort();
  return JSON.stringify(
    fields.map((field) => [
      field,
      members.map(([name]) => {
        const value = criteria[field]?.[name];
        return Array.isArray(value) ? [...new Set(value)].sort() : (value ?? null);
      }),
    ]),
  );
}
