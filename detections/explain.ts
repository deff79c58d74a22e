import type { Condition, LeafCondition } from './condition';
import { compileMatcher } from './matcher';
import { type CloudTrailRecord, lookUp, stepsOf } from './record';
import type { ConfiguredDetection } from './settings';

/** Why a detection fired on a record, or did not. */
export interface Explanation {
  readonly detection: string;
  readonly verdict: 'fires' | 'nearly' | 'no' | 'off';
  /** What kept it from firing: nothing where it fires. */
  readonly obstacles: readonly string[];
}

/** Explains what a detection makes of a record. It nearly fires when its operation matches and little else is missing. */
export function explain(configured: ConfiguredDetection, record: CloudTrailRecord): Explanation {
  const detection = configured.detection.id;
  if (configured.needs !== undefined) {
    return { detection, verdict: 'off', obstacles: [`parameter ${configured.needs} is not set`] };
  }
  const failed = obstacles(configured.condition, record);
  if (failed.length === 0) {
    const { threshold } = configured;
    const note = threshold ? [`counts towards ${threshold.count} within ${threshold.windowMinutes} minutes`] : [];
    return { detection, verdict: 'fires', obstacles: note };
  }
  const far =
    failed.some(({ field }) => field === 'eventName' || field === 'eventSource') ||
    !holdsAny(configured.condition, record);
  const told = failed.map((leaf) => tell(leaf, record));
  return { detection, verdict: !far && failed.length <= 2 ? 'nearly' : 'no', obstacles: told };
}

/** Whether anything that the condition asks for is there: that nothing forbidden is there says little. */
function holdsAny(condition: Condition, record: unknown): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some((member) => holdsAny(member, record));
    case 'is':
    case 'like':
      return compileMatcher(condition)(record);
    default:
      return false;
  }
}

/** The fewest conditions that would have to hold besides those that do. */
function obstacles(condition: Condition, record: unknown, prefix = ''): LeafCondition[] {
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap((member) => obstacles(member, record, prefix));
    case 'any':
      return fewest(condition.of.map((member) => obstacles(member, record, prefix)));
    case 'element': {
      const found = lookUp(record, stepsOf(condition.field));
      const elements = Array.isArray(found) ? found : [found];
      return fewest(elements.map((one) => obstacles(condition.condition, one, `${prefix}${condition.field}.`)));
    }
    default:
      return compileMatcher(condition)(record) ? [] : [{ ...condition, field: `${prefix}${condition.field}` }];
  }
}

function fewest(alternatives: readonly LeafCondition[][]): LeafCondition[] {
  const weight = (leaves: readonly LeafCondition[]) =>
    leaves.reduce((sum, { field }) => sum + (field === 'eventName' || field === 'eventSource' ? 10 : 1), 0);
  return [...alternatives].sort((left, right) => weight(left) - weight(right))[0] ?? [];
}

function tell(leaf: LeafCondition, record: CloudTrailRecord): string {
  const value = lookUp(record, stepsOf(leaf.field));
  const shown = value === undefined ? 'missing' : short(JSON.stringify(value));
  return `${leaf.field} is ${shown}, not ${wanted(leaf)}`;
}

function wanted(leaf: LeafCondition): string {
  switch (leaf.kind) {
    case 'is':
      return short(leaf.values.map((value) => JSON.stringify(value)).join(' or '));
    case 'isNot':
    case 'differs':
      return `something other than ${short(leaf.values.map((value) => JSON.stringify(value)).join(', '))}`;
    case 'like':
      return short(leaf.patterns.join(' or '));
    case 'absent':
      return 'missing';
    case 'outside':
      return `an address outside ${short(leaf.networks.join(', '))}`;
  }
}

const longest = 120;

function short(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
