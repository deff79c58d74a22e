import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';

export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  readonly events: LogEvent[];
  sequence: number;
}

export interface MetricFilter {
  readonly filterName: string;
  readonly logGroupName: string;
  readonly creationTime: number;
  readonly filterPattern: string;
  readonly metricTransformations: readonly {
    readonly metricName?: string;
    readonly metricNamespace?: string;
    readonly metricValue?: string;
    readonly defaultValue?: number;
    readonly unit?: string;
    readonly dimensions?: Record<string, string>;
  }[];
}

export interface SubscriptionFilter {
  readonly filterName: string;
  readonly logGroupName: string;
  readonly filterPattern: string;
  readonly destinationArn: string;
  readonly roleArn?: string;
  readonly distribution: string;
  readonly creationTime: number;
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly site: Site;
  readonly createdAt: number;
  readonly streams: Map<string, LogStream>;
  readonly metricFilters: Map<string, MetricFilter>;
  readonly subscriptionFilters: Map<string, SubscriptionFilter>;
  readonly tags: Tags;
  readonly logGroupClass: string;
  retentionDays?: number;
  kmsKeyId?: string;
}

interface LogsRegion {
  readonly groups: Map<string, LogGroup>;
  /** Resource policies of the account: who may write to its log groups. */
  readonly policies: Map<string, { document: string; updatedAt: number }>;
}

export class Logs {
  readonly regions = new Store<LogsRegion>(() => ({ groups: new Map(), policies: new Map() }));

  constructor(readonly world: World) {}

  arn(name: string, site: Site): string {
    return `arn:${this.world.partition}:logs:${site.region}:${site.accountId}:log-group:${name}`;
  }

  /** The name in an identifier that may be an ARN. */
  static nameOf(identifier: string | undefined): string {
    const text = identifier ?? '';
    return text.startsWith('arn:') ? text.split(':').slice(6).join(':').replace(/:\*$/, '') : text;
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  group(identifier: string | undefined, site: Site): LogGroup {
    const group = this.regions.at(site).groups.get(Logs.nameOf(identifier));
    if (!group) {
      throw notFound('The specified log group does not exist.');
    }
    return group;
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  stream(group: LogGroup, name: string | undefined): LogStream {
    const stream = group.streams.get(name ?? '');
    if (!stream) {
      throw notFound('The specified log stream does not exist.');
    }
    return stream;
  }

  now(): number {
    return this.world.now().getTime();
  }
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 400);
}

export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message, 400);
}

export function exists(message: string): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', message, 400);
}
