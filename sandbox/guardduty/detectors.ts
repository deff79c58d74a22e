import {
  type CreateDetectorRequest,
  type DeleteDetectorRequest,
  FindingPublishingFrequency,
  type GetDetectorRequest,
  type GetDetectorResponse,
  type ListDetectorsRequest,
  type UpdateDetectorRequest,
} from '@aws-sdk/client-guardduty';
import type { Site } from '../common/store';
import type { Handler } from '../core/service';
import { badRequest, invalidInput, managedByPolicy, membersCannot } from './errors';
import { applyFeatures, defaultFeatures, describeDataSources, describeFeatures } from './features';
import { lengthWithin, oneOf, page, tagsOf } from './input';
import { newMalwareState } from './malware/plans';
import { newOrganizationConfiguration } from './organizationConfiguration';
import { type Detector, type GuardDutyState, newId } from './state';
import { withKnownPlans } from './strangers';

/** A detector with everything that the service sets by itself; not yet stored. */
function newDetector(state: GuardDutyState, site: Site, request: Partial<CreateDetectorRequest>): Detector {
  const now = state.now();
  const id = newId();
  const features = defaultFeatures(site.region, now);
  applyFeatures(features, request, site.region, now);
  return {
    id,
    arn: state.arn(`detector/${id}`, site),
    createdAt: now,
    updatedAt: now,
    enabled: request.Enable ?? true,
    frequency: oneOf(request.FindingPublishingFrequency, FindingPublishingFrequency) ?? 'SIX_HOURS',
    clientToken: request.ClientToken,
    features,
    tags: tagsOf(request.Tags),
    members: new Map(),
    filters: new Map(),
    sets: new Map(),
    destinations: new Map(),
    findings: new Map(),
    malware: newMalwareState(),
    organization: newOrganizationConfiguration(),
  };
}

/** The account's detector, created and enabled if need be: what joining an organization's administrator does. */
export function ensureDetector(state: GuardDutyState, site: Site): Detector {
  const region = state.regions.at(site);
  region.detector ??= newDetector(state, site, { Enable: true });
  region.detector.enabled = true;
  return region.detector;
}

function createDetector(state: GuardDutyState): Handler {
  return (input: CreateDetectorRequest, context) => {
    if (input.Enable === undefined) {
      throw invalidInput();
    }
    lengthWithin(input.ClientToken, 0, 64);
    const region = state.regions.at(context);
    if (region.detector) {
      if (input.ClientToken && region.detector.clientToken === input.ClientToken) {
        return { DetectorId: region.detector.id };
      }
      throw badRequest(
        'The request is rejected because a detector already exists for the current account.',
        'LimitExceededException',
      );
    }
    region.detector = newDetector(state, context, withKnownPlans(input, context));
    return { DetectorId: region.detector.id };
  };
}

function serviceRole(state: GuardDutyState, accountId: string, service: string, name: string): string {
  return `arn:${state.world.partition}:iam::${accountId}:role/aws-service-role/${service}.amazonaws.com/${name}`;
}

function describe(state: GuardDutyState, detector: Detector, accountId: string): GetDetectorResponse {
  const role = serviceRole(state, accountId, 'guardduty', 'AWSServiceRoleForAmazonGuardDuty');
  const malwareRole = serviceRole(
    state,
    accountId,
    'malware-protection.guardduty',
    'AWSServiceRoleForAmazonGuardDutyMalwareProtection',
  );
  return {
    CreatedAt: detector.createdAt.toISOString(),
    UpdatedAt: detector.updatedAt.toISOString(),
    FindingPublishingFrequency: detector.frequency,
    ServiceRole: role,
    Status: detector.enabled ? 'ENABLED' : 'DISABLED',
    DataSources: describeDataSources(detector.features, malwareRole),
    Features: describeFeatures(detector.features),
    Tags: Object.fromEntries(detector.tags),
  };
}

/** Suspending, publishing frequency and plans of an associated member are its administrator's to change. */
function changesWhatMembersCannot(detector: Detector, input: UpdateDetectorRequest): boolean {
  return (
    (input.Enable !== undefined && input.Enable !== detector.enabled) ||
    (input.FindingPublishingFrequency !== undefined && input.FindingPublishingFrequency !== detector.frequency) ||
    input.Features !== undefined ||
    input.DataSources !== undefined
  );
}

function updateDetector(state: GuardDutyState): Handler {
  return (input: UpdateDetectorRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const frequency = oneOf(input.FindingPublishingFrequency, FindingPublishingFrequency);
    if (state.regions.at(context).administrator && changesWhatMembersCannot(detector, input)) {
      throw membersCannot();
    }
    if (input.Enable === false && isHeld(detector)) {
      throw managedByPolicy();
    }
    applyFeatures(detector.features, withKnownPlans(input, context), context.region, state.now());
    detector.frequency = frequency ?? detector.frequency;
    detector.enabled = input.Enable ?? detector.enabled;
    detector.updatedAt = state.now();
    if (frequency !== undefined) {
      passOnFrequency(state, detector, context.region);
    }
    return {};
  };
}

/** Whether a policy holds the detector itself. */
const isHeld = (detector: Detector): boolean => detector.features.get('CLOUD_TRAIL')?.managedBy !== undefined;

/** Members publish as often as their administrator. */
function passOnFrequency(state: GuardDutyState, administrator: Detector, region: string): void {
  for (const { accountId, status } of administrator.members.values()) {
    const { detector } = state.regions.at({ accountId, region });
    if (detector && (status === 'Enabled' || status === 'Disabled')) {
      detector.frequency = administrator.frequency;
    }
  }
}

/** What an account leaves behind with its detector: members are free again, invitations remain. */
function deleteDetector(state: GuardDutyState): Handler {
  return (input: DeleteDetectorRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const region = state.regions.at(context);
    if (region.administrator) {
      throw membersCannot();
    }
    if (isHeld(detector)) {
      throw managedByPolicy();
    }
    const tied = ['Invited', 'EmailVerificationInProgress', 'Enabled', 'Disabled'];
    if ([...detector.members.values()].some((member) => tied.includes(member.status))) {
      throw badRequest(
        'The request is rejected because the current account cannot delete detector while it has invited or associated members.',
      );
    }
    region.detector = undefined;
    return {};
  };
}

/** CreateDetector, GetDetector, UpdateDetector, DeleteDetector, ListDetectors. */
export function detectorOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    CreateDetector: createDetector(state),
    UpdateDetector: updateDetector(state),
    DeleteDetector: deleteDetector(state),
    GetDetector: (input: GetDetectorRequest, context) =>
      describe(state, state.detector(input.DetectorId, context), context.accountId),
    ListDetectors: (input: ListDetectorsRequest, context) => {
      const { detector } = state.regions.at(context);
      const found = page(detector ? [detector.id] : [], input);
      return { DetectorIds: found.items, NextToken: found.nextToken };
    },
  };
}
