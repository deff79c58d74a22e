import type { estypes } from '@elastic/elasticsearch';
import type { ConfiguredDetection } from '../settings';
import { type Query, toQuery } from './elasticQuery';
import { type Profile, raw } from './profiles';

/** A watch: the request that puts it. */
export interface ElasticsearchWatch {
  readonly detectionId: string;
  /** `PUT _watcher/watch/<id>`, as the official client takes it. */
  readonly request: estypes.WatcherPutWatchRequest;
}

export interface ElasticOptions {
  readonly profile?: Profile;
  readonly index?: string;
  /** How often the watch looks, and how far back. */
  readonly intervalMinutes?: number;
  readonly nearest?: boolean;
  /** Slack account in Elasticsearch's own settings (`xpack.notification.slack`), and where to. */
  readonly slack?: { readonly account?: string; readonly to: readonly string[] };
  readonly runbooks?: string;
}

const defaultIntervalMinutes = 5;
/** CloudTrail delivers within about a quarter of an hour. */
const lateMinutes = 15;

/** Which records a watch or monitor looks at: minutes back from its run. */
export interface SearchWindow {
  readonly field: string;
  readonly from: number;
  readonly until: number;
  /** How long it keeps quiet afterwards, so that nothing is told twice. */
  readonly quiet: number;
}

/**
 * By the time at which records came into the index, where they say so. Else by their own, far enough back that late
 * ones are seen; what counts looks at a window of which all have come.
 */
export function searchWindow({ threshold }: ConfiguredDetection, options: ElasticOptions): SearchWindow {
  const { arrival, timestamp } = options.profile ?? raw;
  const length = threshold?.windowMinutes ?? options.intervalMinutes ?? defaultIntervalMinutes;
  if (arrival !== undefined) {
    return { field: arrival, from: length, until: 0, quiet: length };
  }
  const from = length + lateMinutes;
  return threshold
    ? { field: timestamp, from, until: lateMinutes, quiet: length }
    : { field: timestamp, from, until: 0, quiet: from };
}

/** What the search looks for: the condition within the window, `now` being the engine's word for the run's time. */
export function windowQuery(configured: ConfiguredDetection, options: ElasticOptions, now: string): Query {
  const profile = options.profile ?? raw;
  const condition = options.nearest && configured.nearest ? configured.nearest : configured.condition;
  const { field, from, until } = searchWindow(configured, options);
  const range = { gte: `${now}||-${from}m`, ...(until > 0 && { lt: `${now}||-${until}m` }) };
  return { bool: { filter: [{ range: { [field]: range } }, toQuery(condition, profile)] } };
}

/** Counts for every account and actor by itself: only groups that reach the threshold are returned. */
export function actors(
  configured: ConfiguredDetection,
  profile: Profile,
): Record<string, estypes.AggregationsAggregationContainer> {
  const { count, per } = configured.threshold as NonNullable<ConfiguredDetection['threshold']>;
  return {
    actors: {
      multi_terms: {
        terms: per.map((path) => ({ field: profile.field(path), missing: '-' })),
        min_doc_count: count,
        size: 100,
      },
    },
  };
}

/** Names of fields that may be returned: never the response, which may hold credentials. */
export function sourceFields({ detection }: ConfiguredDetection, profile: Profile): string[] {
  const common = [
    'eventName',
    'eventSource',
    'awsRegion',
    'recipientAccountId',
    'sourceIPAddress',
    'userIdentity.arn',
    'errorCode',
  ];
  const shown = detection.fields.filter((path) => !/token|credential|secret/i.test(path));
  return [...new Set([...common, ...shown])].flatMap((path) => {
    try {
      return [profile.field(path)];
    } catch {
      return [];
    }
  });
}

/** Compiles a detection to a watch of Elasticsearch. Throws `CompileError` where a query cannot say it. */
export function compileElasticsearch(
  configured: ConfiguredDetection,
  options: ElasticOptions = {},
): ElasticsearchWatch {
  const { detection, threshold } = configured;
  const profile = options.profile ?? raw;
  const interval = options.intervalMinutes ?? defaultIntervalMinutes;
  return {
    detectionId: detection.id,
    request: {
      id: `garrison-${detection.id}`,
      active: true,
      metadata: {
        id: detection.id,
        title: detection.title,
        severity: detection.severity,
        runbook: `${options.runbooks ?? 'docs/detections.md'}#${detection.id}`,
      },
      trigger: { schedule: { interval: `${interval}m` } },
      input: {
        search: {
          request: {
            indices: [options.index ?? profile.defaultIndex],
            body: searchBody(configured, options),
          },
        },
      },
      condition: threshold
        ? {
            array_compare: {
              'ctx.payload.aggregations.actors.buckets': {
                path: 'doc_count',
                gte: { quantifier: 'some', value: threshold.count },
              },
            },
          }
        : { compare: { 'ctx.payload.hits.total': { gt: 0 } } },
      throttle_period: `${searchWindow(configured, options).quiet}m`,
      actions: { slack: slackAction(configured, options, profile) },
    },
  };
}

function searchBody(configured: ConfiguredDetection, options: ElasticOptions) {
  const profile = options.profile ?? raw;
  const body: estypes.SearchRequest = {
    size: configured.threshold ? 0 : 20,
    ...(configured.threshold ? { aggs: actors(configured, profile) } : { sort: [{ [profile.timestamp]: 'desc' }] }),
    _source: sourceFields(configured, profile),
    query: windowQuery(configured, options, '{{ctx.trigger.scheduled_time}}'),
  };
  // The client's type of a watch's search knows `query` alone; the service takes any search.
  return body as estypes.WatcherSearchInputRequestBody;
}

function slackAction(
  { detection, threshold }: ConfiguredDetection,
  options: ElasticOptions,
  profile: Profile,
): estypes.WatcherAction {
  const line = ['recipientAccountId', 'awsRegion', 'userIdentity.arn', 'eventName', 'sourceIPAddress']
    .map((path) => `{{_source.${profile.field(path)}}}`)
    .join(' · ');
  const body = threshold
    ? '{{#ctx.payload.aggregations.actors.buckets}}{{key_as_string}}: {{doc_count}} times\n{{/ctx.payload.aggregations.actors.buckets}}'
    : `{{#ctx.payload.hits.hits}}${line}\n{{/ctx.payload.hits.hits}}`;
  return {
    slack: {
      ...(options.slack?.account && { account: options.slack.account }),
      message: {
        from: 'Garrison',
        to: [...(options.slack?.to ?? ['#security'])],
        text: `${detection.severity.toUpperCase()}: ${detection.title}\n${body}Runbook: {{ctx.metadata.runbook}}`,
        attachments: [],
      },
    },
  } as unknown as estypes.WatcherAction;
}
