import * as schemas from '@aws-sdk/client-guardduty';
import type { Site } from '../common/store';
import { resourceTagConditions } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import type { World } from '../core/world';
import { coverageOperations } from './coverage';
import { detectorOperations } from './detectors';
import { invalidInput, unreadable } from './errors';
import { filterOperations } from './filters';
import type { Finding } from './findings/finding';
import { findingOperations } from './findings/operations';
import { newFinding, record, typeOf } from './findings/record';
import { statisticsOperations } from './findings/statistics';
import { invitationOperations } from './invitations';
import { objectScanOperations } from './malware/objects';
import { malwareOperations } from './malware/plans';
import { scanOperations } from './malware/scans';
import { memberDetectorOperations } from './memberDetectors';
import { memberOperations } from './members';
import { followOrganization, organizationOperations } from './organization';
import { followPolicies } from './policy';
import { publishingOperations } from './publishing';
import { setOperations } from './sets';
import { GuardDutyState } from './state';
import { withNamedAdministrators } from './strangers';
import { tagOperations } from './tags';
import { usageOperations } from './usage';

const states = new WeakMap<World, GuardDutyState>();

/** The ARN that policies for an operation name: the detector, the tagged resource, or nothing in particular. */
function authorization(
  state: GuardDutyState,
  operation: string,
  input: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const given = (input ?? {}) as { DetectorId?: string; ResourceArn?: string; Tags?: Record<string, string> };
  const detector = state.regions.at(context).detector;
  const resource = given.ResourceArn ?? (given.DetectorId ? state.arn(`detector/${given.DetectorId}`, context) : '*');
  const requested = Object.entries(given.Tags ?? {});
  const owned = detector && detector.id === given.DetectorId;
  return [
    {
      action: `guardduty:${operation}`,
      resources: [resource],
      conditions: {
        ...(owned ? resourceTagConditions(detector.tags) : {}),
        ...Object.fromEntries(requested.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
        ...(requested.length > 0 ? { 'aws:TagKeys': requested.map(([key]) => key) } : {}),
      },
    },
  ];
}

/**
 * Amazon GuardDuty: detectors, members by invitation and through the organization, findings, filters, lists.
 * State per account and region.
 */
export const createGuardDuty: ServiceFactory = (world) => {
  const state = new GuardDutyState(world);
  states.set(world, state);
  followOrganization(state);
  followPolicies(state);
  return {
    signingNames: ['guardduty'],
    schemas,
    operations: {
      ...detectorOperations(state),
      ...memberOperations(state),
      ...invitationOperations(state),
      ...memberDetectorOperations(state),
      ...withNamedAdministrators(organizationOperations(state)),
      ...filterOperations(state),
      ...setOperations(state),
      ...publishingOperations(state),
      ...tagOperations(state),
      ...malwareOperations(state),
      ...scanOperations(state),
      ...objectScanOperations(state),
      ...coverageOperations(state),
      ...usageOperations(state),
      ...findingOperations(state),
      ...statisticsOperations(state),
    },
    refuseInput: (missing) => (missing === undefined ? unreadable() : invalidInput()),
    authorize: (operation, input, context) => authorization(state, operation, input, context),
  };
};

/**
 * Lets GuardDuty find something: a finding of the type, with what is given in place of the sample's members.
 * It goes the way of a real one: suppression rules, the account's bus, the administrator's bus.
 *
 * @returns the finding's id; undefined when the account has no enabled detector in the region
 */
export function injectFinding(
  world: World,
  site: Site,
  given: Partial<Omit<Finding, 'Id' | 'Arn'>> & { readonly Type: string },
): string | undefined {
  const state = states.get(world);
  const detector = state?.regions.at(site).detector;
  if (!state || !detector?.enabled) {
    return undefined;
  }
  const base = newFinding(state, detector, typeOf(given.Type), site);
  const service = { ...base.Service, AdditionalInfo: { Type: 'default', Value: '{}' }, ...given.Service };
  const finding: Finding = { ...base, ...given, Id: base.Id, Arn: base.Arn, Service: service };
  record(state, detector, finding, site);
  return finding.Id;
}
