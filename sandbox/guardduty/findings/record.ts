import type { Site } from '../../common/store';
import { exportFinding } from '../export';
import { type Detector, type GuardDutyState, newId } from '../state';
import { findingTypes } from './catalog';
import type { FindingType } from './catalog/entry';
import { meets } from './criteria';
import { type Finding, findingDocument } from './finding';
import { sampleFinding } from './sample';

/** Suppression rules that concern an account's findings: its administrator's, or its own when it has none. */
function suppressed(state: GuardDutyState, finding: Finding, site: Site): boolean {
  const administrator = state.regions.at(site).administrator?.administratorId;
  const ruler = state.regions.at({ accountId: administrator ?? site.accountId, region: site.region }).detector;
  const document = findingDocument(finding);
  return [...(ruler?.filters.values() ?? [])].some(
    (filter) => filter.action === 'ARCHIVE' && meets(document, filter.criteria),
  );
}

/** Puts a finding on the account's own bus and on its administrator's, in the same region. */
function publish(state: GuardDutyState, finding: Finding, site: Site): void {
  const event = {
    source: 'aws.guardduty',
    'detail-type': 'GuardDuty Finding',
    detail: findingDocument(finding),
    resources: [],
    time: state.now(),
  };
  const administrator = state.regions.at(site).administrator?.administratorId;
  state.world.emit(event, { accountId: site.accountId, region: site.region });
  exportFinding(state, finding, { ...site, accountId: administrator ?? site.accountId });
  if (administrator) {
    state.world.emit(event, { accountId: administrator, region: site.region });
  }
}

/** Stores a new or updated finding, archives it if a suppression rule says so, publishes it otherwise. */
export function record(state: GuardDutyState, detector: Detector, finding: Finding, site: Site): void {
  finding.Service.Archived = suppressed(state, finding, site);
  detector.findings.set(finding.Id as string, finding);
  if (!finding.Service.Archived) {
    publish(state, finding, site);
  }
}

/** A fresh finding of a type, in the shape that the type has. */
export function newFinding(state: GuardDutyState, detector: Detector, type: FindingType, site: Site): Finding {
  const id = newId();
  const place = { ...site, partition: state.world.partition, now: state.now() };
  const identity = { id, detectorId: detector.id, arn: `${detector.arn}/finding/${id}` };
  return sampleFinding(type, place, identity);
}

/** A sample of a type: counts up the one that is there already, unless that is archived. */
export function recordSample(state: GuardDutyState, detector: Detector, type: FindingType, site: Site): void {
  const existing = [...detector.findings.values()].find(
    (finding) => finding.Type === type.type && !finding.Service.Archived && isSample(finding),
  );
  const finding = existing ?? newFinding(state, detector, type, site);
  if (existing) {
    existing.UpdatedAt = state.now().toISOString();
    existing.Service.EventLastSeen = existing.UpdatedAt;
    existing.Service.Count = (existing.Service.Count ?? 0) + 1;
  }
  record(state, detector, finding, site);
}

const isSample = (finding: Finding): boolean =>
  finding.Service.AdditionalInfo?.Value?.includes('"sample":true') === true;

/** The shape for types that the catalog does not have. */
export function typeOf(name: string): FindingType {
  return findingTypes.get(name) ?? { type: name, severity: 5, title: name, resource: 'AccessKey', action: 'api' };
}
