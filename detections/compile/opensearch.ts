import type { ConfiguredDetection } from '../settings';
import type { Query } from './elasticQuery';
import { actors, type ElasticOptions, searchWindow, sourceFields, windowQuery } from './elasticsearch';
import { raw } from './profiles';

/**
 * A monitor, as `POST _plugins/_alerting/monitors` takes it. The official client has no types for the alerting plugin;
 * these follow its documentation.
 */
export interface OpenSearchMonitor {
  readonly type: 'monitor';
  readonly monitor_type: 'query_level_monitor';
  readonly name: string;
  readonly enabled: boolean;
  readonly schedule: { readonly period: { readonly interval: number; readonly unit: 'MINUTES' } };
  readonly inputs: readonly [
    {
      readonly search: {
        readonly indices: readonly string[];
        readonly query: { readonly query: Query } & Readonly<Record<string, unknown>>;
      };
    },
  ];
  readonly triggers: readonly OpenSearchTrigger[];
}

export interface OpenSearchTrigger {
  readonly query_level_trigger: {
    readonly name: string;
    /** From 1, most severe, to 5. */
    readonly severity: string;
    readonly condition: { readonly script: { readonly source: string; readonly lang: 'painless' } };
    readonly actions: readonly {
      readonly name: string;
      readonly destination_id: string;
      readonly throttle_enabled: boolean;
      readonly throttle: { readonly value: number; readonly unit: 'MINUTES' };
      readonly subject_template: { readonly source: string; readonly lang: 'mustache' };
      readonly message_template: { readonly source: string; readonly lang: 'mustache' };
    }[];
  };
}

export interface OpenSearchOptions extends ElasticOptions {
  /** Channel of the notifications plugin. */
  readonly destinationId?: string;
}

const severities = { critical: '1', high: '2', medium: '3', low: '4' } as const;

/** Compiles a detection to a monitor of OpenSearch. Throws `CompileError` where a query cannot say it. */
export function compileOpenSearch(configured: ConfiguredDetection, options: OpenSearchOptions = {}): OpenSearchMonitor {
  const { detection, threshold } = configured;
  const profile = options.profile ?? raw;
  const interval = options.intervalMinutes ?? 5;
  const { quiet } = searchWindow(configured, options);
  return {
    type: 'monitor',
    monitor_type: 'query_level_monitor',
    name: `garrison-${detection.id}`,
    enabled: true,
    schedule: { period: { interval, unit: 'MINUTES' } },
    inputs: [
      {
        search: {
          indices: [options.index ?? profile.defaultIndex],
          query: {
            size: threshold ? 0 : 20,
            ...(threshold && { aggregations: actors(configured, profile) }),
            _source: sourceFields(configured, profile),
            query: windowQuery(configured, options, '{{period_end}}'),
          },
        },
      },
    ],
    triggers: [trigger(configured, options, quiet)],
  };
}

function trigger(
  { detection, threshold }: ConfiguredDetection,
  options: OpenSearchOptions,
  quiet: number,
): OpenSearchTrigger {
  const source = threshold
    ? 'ctx.results[0].aggregations.actors.buckets.size() > 0'
    : 'ctx.results[0].hits.total.value > 0';
  const runbook = `${options.runbooks ?? 'docs/detections.md'}#${detection.id}`;
  return {
    query_level_trigger: {
      name: detection.title,
      severity: severities[detection.severity],
      condition: { script: { source, lang: 'painless' } },
      actions: [
        {
          name: 'alert',
          destination_id: options.destinationId ?? 'garrison',
          throttle_enabled: true,
          throttle: { value: quiet, unit: 'MINUTES' },
          subject_template: { source: `${detection.severity.toUpperCase()}: ${detection.title}`, lang: 'mustache' },
          message_template: {
            source: `${detection.title}\n{{ctx.results.0.hits.total.value}} records, until {{ctx.periodEnd}}\nRunbook: ${runbook}`,
            lang: 'mustache',
          },
        },
      ],
    },
  };
}
