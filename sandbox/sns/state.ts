import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly ownerId: string;
  /** ARN of who subscribed. */
  readonly principal: string;
  readonly token: string;
  readonly attributes: Map<string, string>;
  confirmed: boolean;
}

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly site: Site;
  readonly attributes: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
  readonly tags: Tags;
  /** Bodies sent to a FIFO topic within five minutes, by deduplication id. */
  readonly recent: Map<string, { id: string; until: number }>;
  sequence: number;
}

/** An e-mail that SNS sent: nobody but this list receives it. */
export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly topicArn: string;
  readonly time: string;
  /** For confirmations: the address to visit. */
  readonly confirmationUrl?: string;
}

export class Topics {
  readonly regions = new Store<Map<string, Topic>>(() => new Map());
  readonly emails: Email[] = [];

  constructor(readonly world: World) {}

  arn(name: string, site: Site): string {
    return `arn:${this.world.partition}:sns:${site.region}:${site.accountId}:${name}`;
  }

  find(topicArn: string | undefined): Topic | undefined {
    const arn = parseArn(topicArn);
    return arn && this.regions.at(arn).get(arn.resource.split(':')[0] ?? '');
  }

  /** @throws ServiceError `NotFound`, `InvalidParameter` */
  at(topicArn: string | undefined): Topic {
    if (!parseArn(topicArn)) {
      throw invalid('Invalid parameter: TopicArn');
    }
    const topic = this.find(topicArn);
    if (!topic) {
      throw notFound('Topic does not exist');
    }
    return topic;
  }

  subscription(arn: string | undefined): Subscription {
    const found = this.find(arn)?.subscriptions.get(arn ?? '');
    if (!found) {
      throw notFound('Subscription does not exist');
    }
    return found;
  }
}

export function notFound(message: string): ServiceError {
  return new ServiceError('NotFound', message, 404);
}

export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameter', message, 400);
}
