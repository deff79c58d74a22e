import type { GarrisonError } from '../organization/errors';
import type { AutoEnable } from './change';
import type { AutoEnablePlans, Features } from './features';
import type { ObservedSettings } from './settings';

/** How GuardDuty spells a member's state. An account that is no member has none. */
export type RelationshipStatus =
  | 'Created'
  | 'Invited'
  | 'Enabled'
  | 'Disabled'
  | 'Removed'
  | 'Resigned'
  | 'EmailVerificationInProgress'
  | 'EmailVerificationFailed'
  | (string & {});

/** What the administrator sees in one region. */
export interface ObservedRegion {
  readonly region: string;
  readonly detector?: ObservedDetector;
  /** Set when the administrator account is itself a member of another account here. */
  readonly memberOf?: string;
  /** Set when the administrator account administers GuardDuty for the organization here. */
  readonly organization?: { readonly autoEnable: AutoEnable; readonly plans?: AutoEnablePlans };
  /** Who administers GuardDuty for the organization instead; asked only before the administration would be delegated. */
  readonly otherAdministrator?: string;
  /** Set where the management account cannot act, as it has not enabled the region: it can delegate nothing there. */
  readonly withoutManagement?: boolean;
  readonly members: ReadonlyMap<string, ObservedMember>;
  /** Read as far as they are configured. */
  readonly settings?: ObservedSettings;
}

/** The administrator's or a member's detector. */
export interface ObservedDetector {
  readonly id: string;
  /** Of a member's detector known only when it was asked for. */
  readonly enabled?: boolean;
  readonly findingPublishingFrequency?: string;
  readonly plans?: ObservedPlans;
}

/** Protection plans of a detector. A plan that the administrator's detector does not list does not exist in the region. */
export interface ObservedPlans {
  readonly features: Features;
  /** Held by an organization policy. */
  readonly managed: readonly string[];
}

/** A member as its administrator lists it. */
export interface ObservedMember {
  readonly accountId: string;
  readonly email?: string;
  readonly status: RelationshipStatus;
  /** Read when plans are configured, of members that are enabled. */
  readonly plans?: ObservedPlans;
}

/** What a member account itself says of one region: read only where the administrator's list leaves a question. */
export interface ObservedMemberCell {
  readonly accountId: string;
  readonly region: string;
  readonly detector?: ObservedDetector;
  /** The administrator that it already has. */
  readonly administratorId?: string;
  /** The detector was made in this run. */
  readonly fresh?: boolean;
}

/** All that was read, and what could not be. */
export interface ObservedGuard {
  readonly regions: ReadonlyMap<string, ObservedRegion>;
  /** Regions of the administrator that could not be read. */
  readonly unreadable: ReadonlyMap<string, GarrisonError>;
  /** By `cellKey`. */
  readonly cells: ReadonlyMap<string, ObservedMemberCell>;
  /** Member cells that could not be read, by `cellKey`. */
  readonly unreadableCells: ReadonlyMap<string, GarrisonError>;
}

/** Key of a cell in maps. */
export function cellKey(accountId: string, region: string): string {
  return `${accountId}/${region}`;
}
