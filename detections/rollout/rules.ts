import { catalog } from '../catalog';
import { compileEventBridge, type EventBridgeRule } from '../compile/eventbridge';
import type { PatternObject } from '../compile/patternDraft';
import type { Detection, Threshold } from '../detection';
import { CompileError } from '../errors';
import { isEnabled } from './enabled';
import { logFileDetections } from './logFiles';
import { packed } from './pack';
import type { AlertRule, DetectionRules, RolloutSettings, RolloutSurroundings } from './types';
import { type Variant, variantsOf } from './variants';

const maximumPatternLength = 2048;
/** What the notifier counts: see `notifier/events/threshold.ts`. */
const mostCounted = 2000;
const minutesCounted = 24 * 60;
/** As many account ids as one rule names: they share the quota of characters with the pattern. */
const accountsPerRule = 40;

interface Compiled {
  readonly alerts: AlertRule[];
  readonly sources: EventBridgeRule[];
}

/**
 * The rules of a rollout: in every account those that carry events to the security account's bus, there one for each
 * detection (and for each set of accounts that differ in its settings) that turns an event into an alert. A target in
 * another account takes no input transformer, so it is the rules of the bus that say which detection fired. Pure.
 *
 * @throws DetectionError for parameters that the catalog does not have; see `checkRolloutSettings`
 */
export function detectionRules(settings: RolloutSettings, around: RolloutSurroundings): DetectionRules {
  const alerts: AlertRule[] = [];
  const sources: EventBridgeRule[] = [];
  const alertedIds: string[] = [];
  const leftOut: { id: string; reason: string }[] = [];
  for (const detection of catalog.filter(({ id }) => isEnabled(id, settings))) {
    const compiled = compileDetection(detection, settings, around);
    if ('reason' in compiled) {
      leftOut.push({ id: detection.id, reason: compiled.reason });
    } else {
      alertedIds.push(detection.id);
      alerts.push(...compiled.alerts);
      sources.push(...compiled.sources);
    }
  }
  const filesOnly = settings.logFiles?.only === true;
  return {
    forwarding: filesOnly ? [] : packed(sources),
    alerts: filesOnly ? [] : alerts,
    alertedIds,
    leftOut,
    logFiles: settings.logFiles === undefined ? [] : logFileDetections(settings, around),
  };
}

function compileDetection(
  detection: Detection,
  settings: RolloutSettings,
  around: RolloutSurroundings,
): Compiled | { readonly reason: string } {
  const nearest = settings.nearest.includes(detection.id);
  const variants = variantsOf(detection, settings, around);
  const on = variants.filter(({ configured }) => configured.needs === undefined || nearest);
  if (on.length === 0) {
    return { reason: `off: parameter ${variants[0]?.configured.needs} is not set` };
  }
  const uncountable = on.map(({ configured }) => uncountableBecause(configured.threshold)).find(Boolean);
  if (uncountable !== undefined) {
    return { reason: uncountable };
  }
  try {
    const sources = on.flatMap(({ configured }) => compileEventBridge(configured, { nearest }));
    const everybody = variants.length === 1;
    const rules = everybody ? sources : on.flatMap((variant) => rulesFor(variant, nearest));
    return { sources, alerts: rules.map((rule, index) => alertRule(rule, rules.length > 1 ? index + 1 : undefined)) };
  } catch (error) {
    if (error instanceof CompileError) {
      return { reason: error.reason };
    }
    throw error;
  }
}

/** A rule sees one event at a time: the notifier counts, as long as it remembers. */
function uncountableBecause(threshold: Threshold | undefined): string | undefined {
  if (threshold === undefined || (threshold.count <= mostCounted && threshold.windowMinutes <= minutesCounted)) {
    return undefined;
  }
  return `the notifier counts up to ${mostCounted} events within ${minutesCounted} minutes, not ${threshold.count} within ${threshold.windowMinutes}`;
}

/** A variant's rules, held to its accounts. */
function rulesFor({ configured, accountIds }: Variant, nearest: boolean): EventBridgeRule[] {
  const rules: EventBridgeRule[] = [];
  for (let start = 0; start < accountIds.length; start += accountsPerRule) {
    const account = accountIds.slice(start, start + accountsPerRule);
    const limit = maximumPatternLength - JSON.stringify({ account }).length;
    for (const rule of compileEventBridge(configured, { nearest, maximumPatternLength: limit })) {
      rules.push({ ...rule, eventPattern: { account, ...rule.eventPattern } as PatternObject });
    }
  }
  return rules;
}

function alertRule(
  { detectionId, description, state, eventPattern, inputTransformer }: EventBridgeRule,
  number?: number,
): AlertRule {
  const name = `garrison-${detectionId}${number === undefined ? '' : `-${number}`}`;
  return { name, description, state, eventPattern, inputTransformer };
}
