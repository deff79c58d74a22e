import type { Cell } from '../organization/accounts';
import type { DesiredGuard, DesiredMember } from './desired';
import type { AutoEnablePlans, Features } from './features';
import type { DesiredFilter, DesiredList, ListKind } from './settings';
import type { IndexedKind } from './settingsIndex';

/** One change. Plain data: it can be stored, compared and shown. */
export type Change =
  | (OnDetector & { readonly kind: 'enable-detector' })
  | (OnDetector & {
      readonly kind: 'set-frequency';
      readonly from?: string;
      readonly to: DesiredGuard['findingPublishingFrequency'];
    })
  /** Protection plans of the administrator's own detector. */
  | (OnDetector & { readonly kind: 'set-plans'; readonly plans: Features })
  /** As the management account: the security account becomes the organization's administrator of GuardDuty. */
  | (Cell & { readonly kind: 'delegate-administrator'; readonly administratorId: string })
  /** Which accounts of the organization GuardDuty enrols by itself. */
  | (OnDetector & {
      readonly kind: 'set-auto-enable';
      readonly from?: AutoEnable;
      readonly to: AutoEnable;
      /** Plans that differ, and how plans stand. */
      readonly plans?: AutoEnablePlans;
      readonly standing?: AutoEnablePlans;
    })
  | (OnMembers & { readonly kind: 'delete-members' })
  | (OnMembers & { readonly kind: 'create-members'; readonly members: readonly DesiredMember[] })
  | (OnMembers & { readonly kind: 'invite-members'; readonly emails: boolean })
  | (OnMembers & { readonly kind: 'start-monitoring' })
  | (OnDetector & {
      readonly kind: 'accept-invitation';
      readonly administratorDetectorId?: string;
      /** The detector was made in this run: nobody has switched it off. */
      readonly fresh?: boolean;
    })
  /** Protection plans of members, set by the administrator. */
  | (OnMembers & { readonly kind: 'set-member-plans'; readonly plans: Features })
  | SettingChange;

/** What the administrator alone has. */
export type SettingChange =
  | (OnDetector & { readonly kind: 'set-filter'; readonly filter: DesiredFilter; readonly exists: boolean })
  | (OnDetector & { readonly kind: 'delete-filter'; readonly name: string })
  /** With `id` one that exists is changed. */
  | (OnDetector & { readonly kind: 'set-list'; readonly list: DesiredList; readonly id?: string })
  | (OnDetector & {
      readonly kind: 'delete-list';
      readonly list: ListKind;
      readonly id: string;
      readonly name: string;
    })
  | (OnDetector & {
      readonly kind: 'set-destination';
      readonly bucketArn: string;
      readonly kmsKeyArn: string;
      readonly id?: string;
    })
  | (OnDetector & { readonly kind: 'delete-destination'; readonly id: string })
  /** One of our settings keeps the ids of the others; with `forget` it no longer does, as they are about to change. */
  | (OnDetector & {
      readonly kind: 'note-settings';
      readonly carrier: { readonly kind: 'filter' | ListKind; readonly name: string };
      readonly indexed: readonly IndexedKind[];
      readonly forget?: boolean;
    });

/** Whether a change is of filters, lists or the publishing destination. */
export function isSetting(change: Change): change is SettingChange {
  return /^(set|delete)-(filter|list|destination)$|^note-settings$/.test(change.kind);
}

export type AutoEnable = 'ALL' | 'NEW' | 'NONE';

interface OnDetector extends Cell {
  readonly detectorId: string;
}

interface OnMembers {
  readonly region: string;
  /** The administrator's detector. */
  readonly detectorId: string;
  readonly accountIds: readonly string[];
}

/** A change of one kind. */
export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** The cells that a change touches. */
export function cellsOf(change: Change): Cell[] {
  const { region } = change;
  return 'accountIds' in change
    ? change.accountIds.map((accountId) => ({ accountId, region }))
    : [{ accountId: change.accountId, region }];
}

/** The change without the accounts that are not to be touched; undefined when none is left. */
export function limitedTo(change: Change, keep: (cell: Cell) => boolean): Change | undefined {
  const accountIds = cellsOf(change)
    .filter(keep)
    .map(({ accountId }) => accountId);
  if (accountIds.length === 0) {
    return undefined;
  }
  if (!('accountIds' in change)) {
    return change;
  }
  return change.kind === 'create-members'
    ? { ...change, accountIds, members: change.members.filter(({ accountId }) => accountIds.includes(accountId)) }
    : { ...change, accountIds };
}

/** GuardDuty takes 50 accounts a call. Source: GuardDuty API reference, CreateMembers. */
export const batchSize = 50;

/** Cuts into batches that fit into one call. */
export function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize),
  );
}
