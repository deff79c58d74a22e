import type { ValueMap } from '../../template/model';
import type { ResourceContext, ResourceProvider } from '../provider';
import { pick, tagMap, text } from '../values';
import { ifOwned } from './detector';

/** The detector that a resource belongs to: the account's only one when the template names none. */
export async function detectorOf(context: ResourceContext, properties: ValueMap): Promise<string> {
  const given = text(properties.DetectorId);
  if (given !== undefined) {
    return given;
  }
  const { DetectorIds = [] } = await context.call<{ DetectorIds?: string[] }>('guardduty', 'ListDetectors', {});
  return DetectorIds[0] ?? '';
}

/** AWS::GuardDuty::IPSet and ThreatIntelSet */
export function listSet(kind: 'IPSet' | 'ThreatIntelSet', idMember: 'IpSetId' | 'ThreatIntelSetId'): ResourceProvider {
  return {
    async create(context, properties) {
      const DetectorId = await detectorOf(context, properties);
      const answer = await context.call<Record<string, string>>('guardduty', `Create${kind}`, {
        DetectorId,
        Name: text(properties.Name) ?? context.generateName(128),
        ...pick(properties, ['Format', 'Location', 'ExpectedBucketOwner']),
        Activate: properties.Activate ?? false,
        Tags: tagMap(context.tags(properties.Tags)),
      });
      const id = answer[idMember] ?? '';
      return { physicalId: id, attributes: { Id: id } };
    },
    async update(context, physicalId, after) {
      const DetectorId = await detectorOf(context, after);
      const change = pick(after, ['Name', 'Location', 'Activate', 'ExpectedBucketOwner']);
      await context.call('guardduty', `Update${kind}`, { DetectorId, [idMember]: physicalId, ...change });
      return undefined;
    },
    delete: (context, physicalId, properties) =>
      ifOwned(async () => {
        const DetectorId = await detectorOf(context, properties);
        await context.call('guardduty', `Delete${kind}`, { DetectorId, [idMember]: physicalId });
      }),
  };
}

/** AWS::GuardDuty::Filter */
export const filter: ResourceProvider = {
  async create(context, properties) {
    const members = ['DetectorId', 'Name', 'Action', 'Description', 'Rank', 'FindingCriteria'];
    await context.call('guardduty', 'CreateFilter', {
      ...pick(properties, members),
      Tags: tagMap(context.tags(properties.Tags)),
    });
    return { physicalId: String(properties.Name) };
  },
  async update(context, FilterName, after) {
    const change = pick(after, ['DetectorId', 'Action', 'Description', 'Rank', 'FindingCriteria']);
    await context.call('guardduty', 'UpdateFilter', { FilterName, ...change });
    return undefined;
  },
  delete: (context, FilterName, { DetectorId }) =>
    ifOwned(() => context.call('guardduty', 'DeleteFilter', { DetectorId, FilterName })),
};

/** AWS::GuardDuty::PublishingDestination */
export const publishingDestination: ResourceProvider = {
  async create(context, { DetectorId, DestinationType, DestinationProperties }) {
    const answer = await context.call<{ DestinationId: string }>('guardduty', 'CreatePublishingDestination', {
      DetectorId,
      DestinationType,
      DestinationProperties,
    });
    return { physicalId: answer.DestinationId, attributes: { Id: answer.DestinationId, Status: 'PUBLISHING' } };
  },
  async update(context, DestinationId, { DetectorId, DestinationProperties }) {
    await context.call('guardduty', 'UpdatePublishingDestination', {
      DetectorId,
      DestinationId,
      DestinationProperties,
    });
    return undefined;
  },
  delete: (context, DestinationId, { DetectorId }) =>
    ifOwned(() => context.call('guardduty', 'DeletePublishingDestination', { DetectorId, DestinationId })),
};
