import { ServiceError } from '../../../core/errors';
import type { ValueMap } from '../../template/model';
import type { ResourceProvider } from '../provider';
import { differs, maps, pick, tagMap } from '../values';

const settings = ['Enable', 'FindingPublishingFrequency', 'DataSources', 'Features'];

/** GuardDuty has one answer for every detector that is not the caller's: a bad request. */
export function isNotOwned(error: unknown): boolean {
  return (
    error instanceof ServiceError &&
    /not owned by the current account|no such resource|is not a valid detector|does not exist/i.test(error.message)
  );
}

/** Runs a removal; that there is nothing to remove is no failure. */
export async function ifOwned(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isNotOwned(error)) {
      throw error;
    }
  }
}

/** AWS::GuardDuty::Detector */
export const detector: ResourceProvider = {
  async create(context, properties) {
    const { DetectorId } = await context.call<{ DetectorId: string }>('guardduty', 'CreateDetector', {
      ...pick(properties, settings),
      ClientToken: context.requestToken,
      Tags: tagMap(context.tags(properties.Tags)),
    });
    return { physicalId: DetectorId, attributes: { Id: DetectorId } };
  },
  async update(context, DetectorId, after, before) {
    if (differs(before, after, settings)) {
      await context.call('guardduty', 'UpdateDetector', { DetectorId, ...pick(after, settings) });
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    const ResourceArn = context.arn('guardduty', `detector/${DetectorId}`);
    if (tags.set.length > 0) {
      await context.call('guardduty', 'TagResource', { ResourceArn, Tags: tagMap(tags.set) });
    }
    if (tags.remove.length > 0) {
      await context.call('guardduty', 'UntagResource', { ResourceArn, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, DetectorId) => ifOwned(() => context.call('guardduty', 'DeleteDetector', { DetectorId })),
  async read(context, DetectorId, properties) {
    try {
      const found = await context.call<ValueMap>('guardduty', 'GetDetector', { DetectorId });
      return {
        Enable: found.Status === 'ENABLED',
        FindingPublishingFrequency: found.FindingPublishingFrequency ?? null,
        Features: features(found.Features as ValueMap[] | undefined, maps(properties.Features)),
      };
    } catch (error) {
      if (isNotOwned(error)) {
        return undefined;
      }
      throw error;
    }
  },
  adopt: async (_context, identifier) => {
    const id = identifier.Id ?? Object.values(identifier)[0] ?? '';
    return { physicalId: id, attributes: { Id: id } };
  },
};

/** The features that the template names; GuardDuty tells of all there are, with the moments of their changes. */
function features(found: readonly ValueMap[] | undefined, named: readonly ValueMap[]): ValueMap[] {
  return named.flatMap((feature) => {
    const live = found?.find((each) => each.Name === feature.Name);
    const { Name = null, Status = null, AdditionalConfiguration } = live ?? {};
    const inner = maps(feature.AdditionalConfiguration);
    const more = { AdditionalConfiguration: features(maps(AdditionalConfiguration), inner) };
    return live ? [{ Name, Status, ...(inner.length > 0 ? more : {}) }] : [];
  });
}
