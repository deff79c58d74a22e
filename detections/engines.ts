import { isIP } from 'node:net';
import { type FilterPattern, matchesFilterPattern, parseFilterPattern } from '../patterns/cloudwatchLogs';
import { matchesElasticQuery } from '../patterns/elasticQuery';
import { matchesEventPattern, parseEventPattern } from '../patterns/eventbridge';
import { compileCloudWatch } from './compile/cloudwatch';
import { ecsDocument } from './compile/ecsDocument';
import { type Query, toQuery } from './compile/elasticQuery';
import { compileEventBridge } from './compile/eventbridge';
import { ecs, raw } from './compile/profiles';
import { CompileError } from './errors';
import { compileMatcher } from './matcher';
import type { CloudTrailRecord } from './record';
import type { ConfiguredDetection } from './settings';

/** The engines in which a detection can be tried here. */
export const engineNames = ['matcher', 'eventbridge', 'cloudwatch', 'elasticsearch', 'elasticsearch (ecs)'] as const;
export type EngineName = (typeof engineNames)[number];

/** What each engine makes of a record; an engine that cannot say the detection has its reason instead. */
export type Engines = Readonly<
  Record<EngineName, ((record: CloudTrailRecord) => boolean) | { readonly refused: string }>
>;

/** Compiles a detection for every engine, and the engines' semantics for trial here. OpenSearch has Elasticsearch's. */
export function allEngines(configured: ConfiguredDetection): Engines {
  return {
    matcher: compileMatcher(configured.condition),
    eventbridge: tried(() => {
      const patterns = compileEventBridge(configured).map(({ eventPatternText }) =>
        parseEventPattern(eventPatternText),
      );
      return (record) => patterns.some((pattern) => matchesEventPattern(pattern, eventOf(record)));
    }),
    cloudwatch: tried(() => {
      const { filters } = compileCloudWatch(configured, {
        logGroupName: 'trail',
        topicArn: 'arn:aws:sns:us-east-1:111122223333:alerts',
      });
      const patterns = filters.map(({ filterPattern }): FilterPattern => parseFilterPattern(filterPattern ?? ''));
      return (record) => patterns.some((pattern) => matchesFilterPattern(pattern, record));
    }),
    elasticsearch: tried(() => {
      const query = toQuery(configured.condition, raw);
      return (record) => matches(query, withAddress(record));
    }),
    'elasticsearch (ecs)': tried(() => {
      const query = toQuery(configured.condition, ecs);
      return (record) => matches(query, ecsDocument(record));
    }),
  };
}

function matches(query: Query, document: unknown): boolean {
  return matchesElasticQuery(query as Readonly<Record<string, unknown>>, document);
}

function tried(
  make: () => (record: CloudTrailRecord) => boolean,
): ((record: CloudTrailRecord) => boolean) | { refused: string } {
  try {
    return make();
  } catch (error) {
    if (error instanceof CompileError) {
      return { refused: error.reason };
    }
    throw error;
  }
}

/** A record as the event that EventBridge makes of it. */
export function eventOf(record: CloudTrailRecord) {
  const source = typeof record.eventSource === 'string' ? record.eventSource.split('.')[0] : 'unknown';
  return {
    version: '0',
    id: record.eventID,
    'detail-type': detailType(record.eventType),
    source: `aws.${source}`,
    account: record.recipientAccountId,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  };
}

function detailType(eventType: unknown): string {
  switch (eventType) {
    case 'AwsConsoleSignIn':
      return 'AWS Console Sign In via CloudTrail';
    case 'AwsServiceEvent':
      return 'AWS Service Event via CloudTrail';
    default:
      return 'AWS API Call via CloudTrail';
  }
}

/** In the index of the profile `raw` the source address has a twin of the type `ip`. */
function withAddress(record: CloudTrailRecord): unknown {
  const { sourceIPAddress } = record;
  return typeof sourceIPAddress === 'string' && isIP(sourceIPAddress) !== 0
    ? { ...record, sourceIPAddress: [sourceIPAddress, { ip: sourceIPAddress }] }
    : record;
}
