import { parseEventPattern } from '../../patterns/eventbridge';
import type { Condition } from '../condition';
import type { Regions } from '../detection';
import { CompileError } from '../errors';
import { markOf } from '../mark';
import type { ConfiguredDetection } from '../settings';
import { toPattern } from './eventbridgePattern';
import { fitting } from './halves';
import type { PatternObject } from './patternDraft';
import { shortened } from './shortened';

/** Default quota of characters of an event pattern. AWS raises it on request. */
const maximumPatternLength = 2048;

/** A rule for the account's default bus, in the regions where its events occur. */
export interface EventBridgeRule {
  readonly detectionId: string;
  readonly name: string;
  readonly description: string;
  /** The longer state lets read-only management events through, such as AssumeRoleWithSAML. */
  readonly state: 'ENABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  readonly regions: Regions;
  readonly eventPattern: PatternObject;
  /** As AWS takes it: JSON text. */
  readonly eventPatternText: string;
  /** For a target: what the alert queue receives. */
  readonly inputTransformer: {
    readonly inputPathsMap: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
}

export interface EventBridgeOptions {
  readonly maximumPatternLength?: number;
  /** Says the wider condition where EventBridge cannot say the detection's own. */
  readonly nearest?: boolean;
  /** Address to which `#<id>` is added. */
  readonly runbooks?: string;
}

/**
 * Compiles a detection to EventBridge rules: one, or several that together say the same where one would pass the quota
 * of characters. Throws `CompileError` where EventBridge cannot say it.
 */
export function compileEventBridge(
  configured: ConfiguredDetection,
  options: EventBridgeOptions = {},
): EventBridgeRule[] {
  const { detection } = configured;
  const limit = options.maximumPatternLength ?? maximumPatternLength;
  const condition = options.nearest && configured.nearest ? configured.nearest : configured.condition;
  const patterns = fitting(condition, eventPatternOf, (pattern) => JSON.stringify(pattern).length, limit).flatMap(
    (pattern) => shortened(pattern, limit),
  );
  return patterns.map((eventPattern, index) => {
    const eventPatternText = JSON.stringify(eventPattern);
    if (eventPatternText.length > limit) {
      throw new CompileError(
        'eventbridge',
        `the pattern has ${eventPatternText.length} characters, the quota is ${limit}`,
      );
    }
    parseEventPattern(eventPatternText);
    return {
      detectionId: detection.id,
      name: `garrison-${detection.id}${patterns.length > 1 ? `-${index + 1}` : ''}`,
      description: detection.title,
      state: detection.requires.includes('read-only events')
        ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'
        : 'ENABLED',
      regions: detection.regions,
      eventPattern,
      eventPatternText,
      inputTransformer: inputTransformer(configured, options.runbooks ?? 'docs/detections.md'),
    };
  });
}

function eventPatternOf(condition: Condition): PatternObject {
  return { 'detail-type': [{ suffix: ' via CloudTrail' }], ...toPattern(condition, 'detail') };
}

/** Fields that every record of CloudTrail has: a template that names others would not be JSON without them. */
const always =
  'eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress requestParameters eventID eventType recipientAccountId'.split(
    ' ',
  );

function inputTransformer(configured: ConfiguredDetection, runbooks: string): EventBridgeRule['inputTransformer'] {
  const { detection } = configured;
  const mark = JSON.stringify(markOf(configured, runbooks));
  if (!detection.secretResponse) {
    return { inputPathsMap: {}, inputTemplate: `{"detection":${mark},"event":<aws.events.event.json>}` };
  }
  // The response may hold credentials: it stays behind.
  const envelope: Record<string, string> = {
    id: '$.id',
    type: '$.detail-type',
    source: '$.source',
    account: '$.account',
    time: '$.time',
    region: '$.region',
  };
  const names = [...new Set([...always, ...demanded(configured.condition)])];
  const detail = Object.fromEntries(names.map((name) => [name, `$.detail.${name}`]));
  const event =
    '"version":"0","id":<id>,"detail-type":<type>,"source":<source>,"account":<account>,"time":<time>,"region":<region>,"resources":[]';
  return {
    inputPathsMap: { ...envelope, ...detail },
    inputTemplate: `{"detection":${mark},"event":{${event},"detail":{${names.map((name) => `"${name}":<${name}>`).join(',')}}}}`,
  };
}

/** Top-level fields that the condition demands: records without them never come so far. */
function demanded(condition: Condition): string[] {
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap(demanded);
    case 'is':
    case 'like':
    case 'isNot':
      return condition.field.includes('.') ? [] : [condition.field];
    default:
      return [];
  }
}
