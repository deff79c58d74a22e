import type { DeadLetterConfig, Target } from '@aws-sdk/client-eventbridge';
import type { EventPattern } from '../../patterns/eventbridge';
import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import type { World } from '../core/world';

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly site: Site;
  readonly busName: string;
  readonly targets: Map<string, Target>;
  readonly tags: Tags;
  readonly createdBy: string;
  managedBy?: string;
  patternText?: string;
  pattern?: EventPattern;
  schedule?: string;
  description?: string;
  roleArn?: string;
  state: RuleState;
}

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly sourceArn: string;
  readonly createdAt: Date;
  readonly events: BusRecord[];
  patternText?: string;
  pattern?: EventPattern;
  description?: string;
  retentionDays: number;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly site: Site;
  readonly rules: Map<string, Rule>;
  readonly tags: Tags;
  readonly createdAt: Date;
  modifiedAt: Date;
  policy?: string;
  description?: string;
  kmsKeyIdentifier?: string;
  deadLetterConfig?: DeadLetterConfig;
}

/** An event as a bus holds it and a target receives it. */
export interface BusRecord {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  readonly 'replay-name'?: string;
}

interface EventsRegion {
  readonly buses: Map<string, Bus>;
  readonly archives: Map<string, Archive>;
}

/** All buses of a world. Every account has a bus called `default` in every region. */
export class Buses {
  readonly regions: Store<EventsRegion>;

  constructor(readonly world: World) {
    this.regions = new Store((site) => ({
      buses: new Map([['default', this.newBus('default', site)]]),
      archives: new Map(),
    }));
  }

  newBus(name: string, site: Site): Bus {
    const arn = `arn:${this.world.partition}:events:${site.region}:${site.accountId}:event-bus/${name}`;
    const now = this.world.now();
    return { name, arn, site, rules: new Map(), tags: new Map(), createdAt: now, modifiedAt: now };
  }

  /** By name or ARN; the default bus when neither is given. */
  find(nameOrArn: string | undefined, site: Site): Bus | undefined {
    const arn = parseArn(nameOrArn);
    if (arn) {
      return this.regions.at(arn).buses.get(arn.resource.replace(/^event-bus\//, ''));
    }
    return this.regions.at(site).buses.get(nameOrArn ?? 'default');
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  at(nameOrArn: string | undefined, context: CallContext | Site): Bus {
    const bus = this.find(nameOrArn, context);
    if (!bus) {
      const name = parseArn(nameOrArn)?.resource.replace(/^event-bus\//, '') ?? nameOrArn;
      throw notFound(`Event bus ${name} does not exist.`);
    }
    return bus;
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  rule(name: string | undefined, busName: string | undefined, context: CallContext): Rule {
    const bus = this.at(busName, context);
    const rule = bus.rules.get(name ?? '');
    if (!rule) {
      throw notFound(`Rule ${name} does not exist on EventBus ${bus.name}.`);
    }
    return rule;
  }
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 400);
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}
