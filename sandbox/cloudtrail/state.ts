import type { AdvancedEventSelector, EventSelector, InsightSelector } from '@aws-sdk/client-cloudtrail';
import { parseArn } from '../common/arn';
import type { Tags } from '../common/tags';
import type { CallContext } from '../core/service';
import type { World } from '../core/world';
import { trailError, unknownTrail } from './errors';
import { checkName } from './names';

export interface Trail {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly homeRegion: string;
  readonly createdAt: Date;
  bucket: string;
  prefix?: string;
  topicName?: string;
  topicArn?: string;
  globalEvents: boolean;
  multiRegion: boolean;
  validated: boolean;
  organization: boolean;
  logGroupArn?: string;
  logRoleArn?: string;
  kmsKeyId?: string;
  eventSelectors: readonly EventSelector[];
  advancedSelectors: readonly AdvancedEventSelector[];
  /** Whether somebody has put selectors of their own. */
  customSelectors: boolean;
  insightSelectors: readonly InsightSelector[];
  readonly tags: Tags;
  logging: boolean;
  startedAt?: Date;
  stoppedAt?: Date;
}

/** What a trail selects that nobody has told otherwise: all management events. */
export const defaultSelectors: readonly EventSelector[] = [
  { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
];

/** The trails of a world, by their ARNs. */
export class Trails {
  private readonly all = new Map<string, Trail>();

  constructor(readonly world: World) {}

  arn(name: string, { accountId, region }: { accountId: string; region: string }): string {
    return `arn:${this.world.partition}:cloudtrail:${region}:${accountId}:trail/${name}`;
  }

  add(trail: Trail): void {
    this.all.set(trail.arn, trail);
  }

  delete(trail: Trail): void {
    this.all.delete(trail.arn);
  }

  find(arn: string): Trail | undefined {
    return this.all.get(arn);
  }

  values(): Iterable<Trail> {
    return this.all.values();
  }

  /** Whether a trail watches an account: its own, or as the organization's. */
  covers(trail: Trail, accountId: string): boolean {
    if (trail.accountId === accountId) {
      return true;
    }
    const view = this.world.organization.current;
    return trail.organization && view?.managementAccountId === trail.accountId && view.has(accountId);
  }

  /** The trails that an account sees from a region: those that live there, and shadows of those that are everywhere. */
  seenFrom({ accountId, region }: { accountId: string; region: string }, shadows = true): Trail[] {
    return [...this.all.values()].filter((trail) => {
      const here = trail.homeRegion === region;
      const own = trail.accountId === accountId;
      return this.covers(trail, accountId) && ((here && (own || shadows)) || (shadows && trail.multiRegion));
    });
  }

  /**
   * The trail that a name or an ARN names, seen from the caller's account and region.
   *
   * @throws ServiceError `InvalidTrailNameException`, `CloudTrailARNInvalidException`, `TrailNotFoundException`
   */
  named(text: string | undefined, context: CallContext): Trail {
    const name = text ?? '';
    if (!name.startsWith('arn:')) {
      checkName(name);
    } else if (!/^trail\/.+$/.test(parseArn(name)?.resource ?? '') || parseArn(name)?.service !== 'cloudtrail') {
      throw trailError('CloudTrailARNInvalidException', `Trail ARN ${name} is not valid.`);
    }
    const arn = name.startsWith('arn:') ? name : this.arn(name, context);
    const trail = this.all.get(arn);
    if (!trail || !this.covers(trail, context.accountId)) {
      throw unknownTrail(arn, context.accountId);
    }
    return trail;
  }

  /**
   * The trail, to be changed: in its home region, by its owner or the organization's delegated administrator.
   *
   * @throws ServiceError `InvalidHomeRegionException`, `NotOrganizationMasterAccountException`, and those of `named`
   */
  ownedBy(text: string | undefined, context: CallContext): Trail {
    const trail = this.named(text, context);
    if (trail.accountId !== context.accountId && !this.administers(context.accountId)) {
      throw trailError(
        'NotOrganizationMasterAccountException',
        'The requesting account is not the management account or a delegated administrator of the organization that owns the trail.',
      );
    }
    if (trail.homeRegion !== context.region) {
      const message = `The trail ${trail.arn} can only be changed from its home region ${trail.homeRegion}.`;
      throw trailError('InvalidHomeRegionException', message);
    }
    return trail;
  }

  /** Whether an account may have trails for the whole organization. */
  administers(accountId: string): boolean {
    const view = this.world.organization.current;
    const delegated = view?.delegatedAdministrators('cloudtrail.amazonaws.com') ?? [];
    return view?.managementAccountId === accountId || delegated.includes(accountId);
  }
}
