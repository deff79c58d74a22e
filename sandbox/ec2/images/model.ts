import type { LaunchPermission } from '@aws-sdk/client-ec2';
import type { Resource } from '../state';

/** A disk that an image brings. */
export interface ImageDisk {
  readonly deviceName: string;
  readonly snapshotId?: string;
  readonly size: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
  readonly virtualName?: string;
}

export interface Image extends Resource {
  readonly ownerId: string;
  /** `amazon` or `aws-marketplace`, for those that have one. */
  readonly ownerAlias?: string;
  readonly region: string;
  readonly name: string;
  description?: string;
  readonly architecture: string;
  readonly windows: boolean;
  readonly platformDetails: string;
  readonly virtualization: string;
  readonly rootDeviceName: string;
  readonly disks: readonly ImageDisk[];
  readonly createdAt: Date;
  readonly deprecatesAt?: Date;
  readonly bootMode?: string;
  readonly imdsSupport?: string;
  readonly enaSupport: boolean;
  readonly sourceInstanceId?: string;
  readonly sourceImageId?: string;
  readonly sourceImageRegion?: string;
  /** Who may launch it beside its owner, in the order in which they were let in. */
  permissions: readonly LaunchPermission[];
  state: string;
}

/** One list of conditions of Allowed AMIs; an image is allowed when it meets any of them. */
export interface ImageCriterion {
  readonly ImageProviders?: readonly string[];
  readonly MarketplaceProductCodes?: readonly string[];
  readonly ImageNames?: readonly string[];
  readonly DeprecationTimeCondition?: { readonly MaximumDaysSinceDeprecated?: number };
  readonly CreationDateCondition?: { readonly MaximumDaysSinceCreated?: number };
}

/** Allowed AMIs of one account in one region. */
export interface AllowedImages {
  state: 'disabled' | 'audit-mode' | 'enabled';
  managedBy: 'account' | 'declarative-policy';
  criteria: readonly ImageCriterion[];
}

export function isPublic(image: Image): boolean {
  return image.permissions.some(({ Group }) => Group === 'all');
}
