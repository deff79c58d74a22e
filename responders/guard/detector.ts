import { text } from '../../notifier/events/read';
import { codeOf } from '../failures';
import { readAll } from '../read';
import type { Decision, Look, Question, Target } from '../responder';

/** A GuardDuty detector, or that there is none in the region. */
export interface DetectorFacts {
  readonly kind: 'detector';
  readonly id?: string;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The detector that the event names; where it was deleted, whichever stands in the region now. */
export async function observeDetector(_target: Target, look: Look): Promise<DetectorFacts> {
  const [id] = await readAll<string>(
    look,
    { service: 'guardduty', operation: 'ListDetectors', input: {} },
    'DetectorIds',
  );
  if (id === undefined) {
    return { kind: 'detector', enabled: false, tags: {} };
  }
  const input = { DetectorId: id };
  const found = await look
    .read<{ Status?: string; Tags?: Record<string, string> }>({ service: 'guardduty', operation: 'GetDetector', input })
    .catch((error: unknown) => {
      // Deleted between the two calls.
      if (codeOf(error) === 'BadRequestException') {
        return undefined;
      }
      throw error;
    });
  return found === undefined
    ? { kind: 'detector', enabled: false, tags: {} }
    : { kind: 'detector', id, enabled: found.Status === 'ENABLED', tags: found.Tags ?? {} };
}

/** On again, as the configuration says: in every account of accounts.csv and every guarded region. Pure. */
export function decideDetector(
  { id, enabled }: DetectorFacts,
  { strategy, target, place, settings }: Question,
): Decision {
  const { accountId, region } = place;
  if (enabled) {
    return { kind: 'nothing', reasons: [`the detector ${id} is enabled`] };
  }
  const isGuarded =
    settings.accounts.some((account) => account.id === accountId) &&
    (settings.regions === 'all' || settings.regions.includes(region));
  const reason = id === undefined ? 'there is no detector in the region' : `the detector ${id} is suspended`;
  if (!isGuarded) {
    const unguarded = 'the configuration does not guard this account and region';
    return { kind: 'notify', reasons: [reason, unguarded], advice: ['add it to garrison.yaml, or leave it'] };
  }
  const told = text(target.resource);
  if (id !== undefined && told !== undefined && told !== id) {
    return { kind: 'changed', reasons: [`${reason}; the event was about ${told}`] };
  }
  if (strategy !== 'restore') {
    return { kind: 'notify', reasons: [reason], advice: ['`garrison apply` enables it again'] };
  }
  return id === undefined ? create(reason, question(place, settings)) : enable(reason, id, region);
}

function question(place: Question['place'], settings: Question['settings']) {
  return { region: place.region, frequency: settings.findingPublishingFrequency };
}

function enable(reason: string, id: string, region: string): Decision {
  const call = { service: 'guardduty', region, operation: 'UpdateDetector' } as const;
  return {
    kind: 'act',
    reasons: [reason],
    steps: [
      {
        ...call,
        does: `enables the detector ${id}`,
        input: { DetectorId: id, Enable: true },
        stale: ['BadRequestException'],
        undo: [{ ...call, does: `suspends the detector ${id} again`, input: { DetectorId: id, Enable: false } }],
      },
    ],
  };
}

function create(reason: string, { region, frequency }: ReturnType<typeof question>): Decision {
  const call = { service: 'guardduty', region } as const;
  return {
    kind: 'act',
    reasons: [reason, 'a new detector is no member yet: `garrison apply` enrols it again'],
    steps: [
      {
        ...call,
        operation: 'CreateDetector',
        does: 'creates a detector',
        input: { Enable: true, FindingPublishingFrequency: frequency, Tags: { garrison: 'detector' } },
        // There is one already: somebody was faster.
        stale: ['BadRequestException'],
        save: 'detector',
        undo: [
          {
            ...call,
            operation: 'DeleteDetector',
            does: 'deletes the new detector',
            input: { DetectorId: { $from: 'detector', path: ['DetectorId'] } },
          },
        ],
      },
    ],
  };
}
