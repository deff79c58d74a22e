import { parseArn } from '../common/arn';
import { Store } from '../common/store';
import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import type { World } from '../core/world';
import type { Queue } from './queue';

/** A task that moves messages out of a dead-letter queue. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly perSecond?: number;
  readonly startedAt: number;
  readonly toMove: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  failureReason?: string;
}

/** Queues of one account in one region. */
interface SqsRegion {
  readonly queues: Map<string, Queue>;
  /** Names deleted less than a minute ago, and when. */
  readonly deleted: Map<string, number>;
  readonly tasks: MoveTask[];
}

export class Queues {
  readonly regions = new Store<SqsRegion>(() => ({ queues: new Map(), deleted: new Map(), tasks: [] }));

  constructor(readonly world: World) {}

  /** Account and name from a queue's address: the last two parts of its path. */
  static place(url: unknown): { accountId: string; name: string } | undefined {
    const parts = String(url ?? '')
      .split('/')
      .filter(Boolean);
    const name = parts.pop();
    const accountId = parts.pop();
    return name && accountId && /^\d{12}$/.test(accountId) ? { accountId, name } : undefined;
  }

  /** @throws ServiceError `QueueDoesNotExist`, `InvalidAddress` */
  at(url: unknown, context: CallContext): Queue {
    const queue = this.find(url, context);
    if (!queue) {
      throw nonExistent();
    }
    return queue;
  }

  find(url: unknown, context: CallContext): Queue | undefined {
    const text = String(url ?? '');
    const place = Queues.place(text) ?? { accountId: context.accountId, name: text };
    return this.regions.at({ accountId: place.accountId, region: context.region }).queues.get(place.name);
  }

  byArn(text: string): Queue | undefined {
    const arn = parseArn(text);
    return arn?.service === 'sqs' ? this.regions.at(arn).queues.get(arn.resource) : undefined;
  }

  arn(name: string, site: { accountId: string; region: string }): string {
    return `arn:${this.world.partition}:sqs:${site.region}:${site.accountId}:${name}`;
  }

  now(): number {
    return this.world.now().getTime();
  }
}

export function nonExistent(): ServiceError {
  return new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}

export function missingParameter(name: string): ServiceError {
  return new ServiceError('MissingParameter', `The request must contain the parameter ${name}.`);
}
