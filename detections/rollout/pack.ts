import { parseEventPattern } from '../../patterns/eventbridge';
import type { EventBridgeRule } from '../compile/eventbridge';
import type { PatternObject } from '../compile/patternDraft';
import type { ForwardingRule } from './types';

/** Default quota of characters of an event pattern. AWS raises it on request. */
const maximumPatternLength = 2048;
/** Limit of the API on a rule's description. */
const maximumDescriptionLength = 512;

interface Pack {
  readonly state: EventBridgeRule['state'];
  readonly globalOnly: boolean;
  readonly rules: EventBridgeRule[];
}

/**
 * As few rules as the quota of characters allows that together match what the given rules match: an account's bus
 * takes 300 rules only, and an event that several rules match travels several times. Whatever arrives twice is known
 * by its id and told once.
 */
export function packed(rules: readonly EventBridgeRule[]): ForwardingRule[] {
  const packs: Pack[] = [];
  const bySize = [...rules].sort((one, other) => other.eventPatternText.length - one.eventPatternText.length);
  for (const rule of bySize) {
    const globalOnly = rule.regions === 'us-east-1';
    const home = packs.find(
      (pack) => pack.state === rule.state && pack.globalOnly === globalOnly && fits([...pack.rules, rule]),
    );
    if (home) {
      home.rules.push(rule);
    } else {
      packs.push({ state: rule.state, globalOnly, rules: [rule] });
    }
  }
  const counts = { global: 0, regional: 0 };
  return packs.map(({ state, globalOnly, rules: own }) => {
    const kind = globalOnly ? 'global' : 'regional';
    const eventPattern = together(own);
    parseEventPattern(JSON.stringify(eventPattern));
    counts[kind] += 1;
    return {
      name: `garrison-detections-${kind}-${counts[kind]}`,
      description: describe(own),
      state,
      globalOnly,
      eventPattern,
    };
  });
}

function fits(rules: readonly EventBridgeRule[]): boolean {
  return JSON.stringify(together(rules)).length <= maximumPatternLength;
}

/** Every pattern has the same `detail-type`: it stands once, before the alternatives. */
function together(rules: readonly EventBridgeRule[]): PatternObject {
  const different = new Map(rules.map(({ eventPattern, eventPatternText }) => [eventPatternText, eventPattern]));
  const patterns = [...different.values()];
  const [first] = patterns;
  if (first === undefined || patterns.length === 1) {
    return first ?? {};
  }
  const alternatives = patterns.map(({ 'detail-type': _, ...rest }) => rest);
  return { 'detail-type': first['detail-type'], $or: alternatives } as PatternObject;
}

function describe(rules: readonly EventBridgeRule[]): string {
  const ids = [...new Set(rules.map(({ detectionId }) => detectionId))].sort();
  const text = `To Garrison's bus: ${ids.join(', ')}`;
  return text.length <= maximumDescriptionLength ? text : `${text.slice(0, maximumDescriptionLength - 1)}…`;
}
