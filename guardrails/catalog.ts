import { approvedImages } from './catalog/approved-images';
import { instanceMetadata } from './catalog/instance-metadata';
import { keepCloudtrail } from './catalog/keep-cloudtrail';
import { keepConfig } from './catalog/keep-config';
import { keepGarrison } from './catalog/keep-garrison';
import { keepGuardduty } from './catalog/keep-guardduty';
import { leaveOrganization } from './catalog/leave-organization';
import { listedNetworks } from './catalog/listed-networks';
import { rootUser } from './catalog/root-user';
import { unusedRegions } from './catalog/unused-regions';
import type { Guardrail } from './guardrail';

/** Every guardrail, the most needed first: in this order they are packed into policies. */
export const catalog: readonly Guardrail[] = [
  leaveOrganization,
  keepGuardduty,
  keepCloudtrail,
  keepConfig,
  keepGarrison,
  rootUser,
  listedNetworks,
  approvedImages,
  instanceMetadata,
  unusedRegions,
];
