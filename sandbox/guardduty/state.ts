import { randomBytes } from 'node:crypto';
import type { FindingPublishingFrequency } from '@aws-sdk/client-guardduty';
import { type Site, Store } from '../common/store';
import type { CallContext } from '../core/service';
import type { World } from '../core/world';
import { noSuchResource, notOwned } from './errors';
import type { FeatureSettings } from './features';
import type { Filter } from './filters';
import type { Finding } from './findings/finding';
import type { MalwarePlan, MalwareState } from './malware/plans';
import type { MalwareScan } from './malware/scan';
import type { OrganizationConfiguration } from './organizationConfiguration';
import type { PublishingDestination } from './publishing';
import type { ListSet } from './sets';

/** As the API answers them: words in capitals only at their beginnings. */
export type RelationshipStatus =
  | 'Created'
  | 'Invited'
  | 'EmailVerificationInProgress'
  | 'EmailVerificationFailed'
  | 'Enabled'
  | 'Disabled'
  | 'Removed'
  | 'Resigned';

/** A member as its administrator account sees it. */
export interface Member {
  readonly accountId: string;
  email: string;
  status: RelationshipStatus;
  /** Whether it joined through AWS Organizations rather than by invitation. */
  byOrganization: boolean;
  invitedAt?: Date;
  updatedAt: Date;
}

/** An invitation as the invited account sees it; an accepted one is its tie to the administrator account. */
export interface Invitation {
  readonly administratorId: string;
  readonly invitationId: string;
  readonly invitedAt: Date;
  status: RelationshipStatus;
}

export interface Detector {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Date;
  updatedAt: Date;
  enabled: boolean;
  frequency: FindingPublishingFrequency;
  readonly clientToken?: string;
  readonly features: FeatureSettings;
  readonly tags: Map<string, string>;
  readonly members: Map<string, Member>;
  readonly filters: Map<string, Filter>;
  /** Lists of addresses and entities, by `<kind>/<id>`. */
  readonly sets: Map<string, ListSet>;
  readonly destinations: Map<string, PublishingDestination>;
  readonly findings: Map<string, Finding>;
  readonly malware: MalwareState;
  organization: OrganizationConfiguration;
}

/** What GuardDuty keeps for one account in one region. */
export interface RegionState extends Site {
  /** One at most. */
  detector?: Detector;
  /** The administrator account that this account is an associated member of. */
  administrator?: Invitation & { readonly byOrganization: boolean };
  readonly invitations: Map<string, Invitation>;
  /** Malware protection of buckets, which needs no detector. */
  readonly malwarePlans: Map<string, MalwarePlan>;
  readonly malwareScans: Map<string, MalwareScan>;
}

/** All of GuardDuty's state in one world. */
export class GuardDutyState {
  readonly regions = new Store<RegionState>((site) => ({
    ...site,
    invitations: new Map(),
    malwarePlans: new Map(),
    malwareScans: new Map(),
  }));
  /** The organization's delegated administrator account in each region. */
  readonly organizationAdmins = new Map<string, string>();

  constructor(readonly world: World) {}

  now(): Date {
    return this.world.now();
  }

  /**
   * The caller's detector.
   * @throws ServiceError when it is another's, or none
   */
  detector(detectorId: string | undefined, context: Site): Detector {
    const { detector } = this.regions.at(context);
    if (!detector || detector.id !== detectorId) {
      throw notOwned();
    }
    return detector;
  }

  at(accountId: string, context: Pick<CallContext, 'region'>): RegionState {
    return this.regions.at({ accountId, region: context.region });
  }

  /** The organization's administrator account in the region, as long as Organizations has it delegated. */
  organizationAdmin(region: string): string | undefined {
    const admin = this.organizationAdmins.get(region);
    const organization = this.world.organization.current;
    const delegated =
      admin === organization?.managementAccountId ||
      organization?.delegatedAdministrators('guardduty.amazonaws.com').includes(admin ?? '');
    return delegated ? admin : undefined;
  }

  administersOrganization(site: Site): boolean {
    return this.organizationAdmin(site.region) === site.accountId;
  }

  arn(resource: string, site: Site): string {
    return `arn:${this.world.partition}:guardduty:${site.region}:${site.accountId}:${resource}`;
  }
}

/** 32 hexadecimal digits, as GuardDuty names detectors, sets, findings and invitations. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The value under a key.
 * @throws ServiceError `noSuchResource` when there is none
 */
export function existing<T>(items: ReadonlyMap<string, T>, key: string | undefined): T {
  const found = items.get(key ?? '');
  if (found === undefined) {
    throw noSuchResource();
  }
  return found;
}
