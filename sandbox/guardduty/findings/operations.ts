import {
  type ArchiveFindingsRequest,
  type CreateSampleFindingsRequest,
  Feedback,
  type GetFindingsRequest,
  type ListFindingsRequest,
  OrderBy,
  type SortCriteria,
  type UnarchiveFindingsRequest,
  type UpdateFindingsFeedbackRequest,
} from '@aws-sdk/client-guardduty';
import type { Site } from '../../common/store';
import type { CallContext, Handler } from '../../core/service';
import { badRequest, membersCannot, tooLong } from '../errors';
import { batch, batchLimit, lengthWithin, oneOf, page } from '../input';
import type { Detector, GuardDutyState } from '../state';
import { findingTypes } from './catalog';
import { checkCriteria, meets, orderBy } from './criteria';
import { type Finding, findingDocument } from './finding';
import { recordSample } from './record';

/** The detectors whose findings the caller sees: its own and those of its associated members. */
function visible(state: GuardDutyState, detector: Detector, site: Site): Detector[] {
  const members = [...detector.members.values()].filter(({ status }) => status === 'Enabled' || status === 'Disabled');
  const theirs = members.flatMap(
    (member) => state.regions.at({ accountId: member.accountId, region: site.region }).detector ?? [],
  );
  return [detector, ...theirs];
}

/** All findings that the owner of a detector sees. */
export function visibleFindings(state: GuardDutyState, detectorId: string | undefined, site: Site): Finding[] {
  const detector = state.detector(detectorId, site);
  return visible(state, detector, site).flatMap((each) => [...each.findings.values()]);
}

function sorted(findings: readonly Finding[], criteria: SortCriteria | undefined, usual?: string): Finding[] {
  const attribute = criteria?.AttributeName ?? usual;
  const order = oneOf(criteria?.OrderBy, OrderBy) ?? 'DESC';
  return attribute ? orderBy(findings, findingDocument, attribute, order === 'DESC') : [...findings];
}

function identifiers(given: readonly string[] | undefined): Set<string> {
  const ids = batch('findingIds', given);
  for (const id of ids) {
    lengthWithin(id, 1, 300);
  }
  return new Set(ids);
}

function createSamples(state: GuardDutyState): Handler {
  return (input: CreateSampleFindingsRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const names = input.FindingTypes?.length ? input.FindingTypes : [...findingTypes.keys()];
    if (input.FindingTypes && input.FindingTypes.length > batchLimit) {
      throw tooLong('findingTypes', input.FindingTypes.length, batchLimit);
    }
    const types = names.map((name) => {
      const type = findingTypes.get(name);
      if (!type) {
        throw badRequest('The request is rejected because of invalid finding type is specified.');
      }
      return type;
    });
    const site = { accountId: context.accountId, region: context.region };
    for (const type of types) {
      recordSample(state, detector, type, site);
    }
    return {};
  };
}

/** Archiving is the administrator's; a member's findings are archived on both sides. */
function archive(state: GuardDutyState, archived: boolean): Handler {
  return (input: ArchiveFindingsRequest | UnarchiveFindingsRequest, context: CallContext) => {
    const findings = visibleFindings(state, input.DetectorId, context);
    const wanted = identifiers(input.FindingIds);
    if (state.regions.at(context).administrator) {
      throw membersCannot();
    }
    for (const finding of findings.filter(({ Id }) => wanted.has(Id as string))) {
      finding.Service.Archived = archived;
    }
    return {};
  };
}

/** Findings but for their statistics: samples, reading, archiving, feedback. */
export function findingOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    CreateSampleFindings: createSamples(state),
    ArchiveFindings: archive(state, true),
    UnarchiveFindings: archive(state, false),
    GetFindings: (input: GetFindingsRequest, context) => {
      const wanted = identifiers(input.FindingIds);
      const findings = visibleFindings(state, input.DetectorId, context);
      const byId = new Map(findings.map((finding) => [finding.Id as string, finding]));
      const found = [...wanted].flatMap((id) => byId.get(id) ?? []);
      return { Findings: sorted(found, input.SortCriteria) };
    },
    ListFindings: (input: ListFindingsRequest, context) => {
      const findings = visibleFindings(state, input.DetectorId, context);
      checkCriteria(input.FindingCriteria);
      const matching = findings.filter((finding) => meets(findingDocument(finding), input.FindingCriteria));
      const found = page(sorted(matching, input.SortCriteria, 'updatedAt'), input);
      return { FindingIds: found.items.map((finding) => finding.Id), NextToken: found.nextToken };
    },
    UpdateFindingsFeedback: (input: UpdateFindingsFeedbackRequest, context) => {
      const wanted = identifiers(input.FindingIds);
      const feedback = oneOf(input.Feedback, Feedback);
      for (const finding of visibleFindings(state, input.DetectorId, context)) {
        if (wanted.has(finding.Id as string)) {
          finding.Service.UserFeedback = feedback;
        }
      }
      return {};
    },
  };
}
