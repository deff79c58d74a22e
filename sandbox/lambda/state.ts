import type {
  DeadLetterConfig,
  DestinationConfig,
  FunctionConfiguration,
  FunctionUrlConfig,
} from '@aws-sdk/client-lambda';
import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { Caller } from '../core/service';
import type { World } from '../core/world';

/** The configuration and code of one version; `$LATEST` is the one that changes. */
export interface Version {
  configuration: FunctionConfiguration & { DeadLetterConfig?: DeadLetterConfig };
  zip: Buffer;
  /** Where the package lies unpacked, once it ran. */
  taskRoot?: string;
  /** Revision of `$LATEST` of which this version is the image. */
  publishedFrom?: string;
}

export interface Alias {
  name: string;
  functionVersion: string;
  description?: string;
  revisionId: string;
  routingConfig?: { AdditionalVersionWeights?: Record<string, number> };
}

export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Principal: unknown;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface AsyncSettings {
  maximumRetryAttempts?: number;
  maximumEventAgeInSeconds?: number;
  destinationConfig?: DestinationConfig;
  modifiedAt: Date;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly site: Site;
  readonly tags: Tags;
  readonly latest: Version;
  readonly versions: Map<string, Version>;
  readonly aliases: Map<string, Alias>;
  /** Statements by qualifier; those of the function itself under the empty string. */
  readonly policies: Map<string, Statement[]>;
  readonly urls: Map<string, FunctionUrlConfig>;
  readonly asyncSettings: Map<string, AsyncSettings>;
  /** Who made it, when that was a caller with a key that nobody knows. */
  readonly stranger?: Caller;
  reservedConcurrency?: number;
  running: number;
}

/** A function and the version that a name with its qualifier means. */
export interface Resolved {
  readonly fn: LambdaFunction;
  readonly version: Version;
  readonly qualifier?: string;
}

export class Functions {
  readonly regions = new Store<Map<string, LambdaFunction>>(() => new Map());

  constructor(readonly world: World) {}

  arn(name: string, site: Site): string {
    return `arn:${this.world.partition}:lambda:${site.region}:${site.accountId}:function:${name}`;
  }

  /** Splits `name`, `name:qualifier`, `account:function:name` and ARNs. */
  parse(text: string | undefined, site: Site): { name: string; qualifier?: string; site: Site } {
    const arn = parseArn(text);
    if (arn) {
      const [, name = '', qualifier] = arn.resource.split(':');
      return { name, qualifier, site: { accountId: arn.accountId, region: arn.region } };
    }
    const [, accountId, name = '', qualifier] = /^(?:(\d{12}):function:)?([^:]*)(?::(.+))?$/.exec(text ?? '') ?? [];
    return { name, qualifier, site: { accountId: accountId ?? site.accountId, region: site.region } };
  }

  find(text: string | undefined, site: Site): LambdaFunction | undefined {
    const place = this.parse(text, site);
    return this.regions.at(place.site).get(place.name);
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  at(text: string | undefined, site: Site): LambdaFunction {
    const fn = this.find(text, site);
    if (!fn) {
      const place = this.parse(text, site);
      const suffix = place.qualifier ? `:${place.qualifier}` : '';
      throw notFound(`Function not found: ${this.arn(place.name, place.site)}${suffix}`);
    }
    return fn;
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  resolve(text: string | undefined, givenQualifier: string | undefined, site: Site): Resolved {
    const fn = this.at(text, site);
    const qualifier = givenQualifier ?? this.parse(text, site).qualifier;
    if (!qualifier || qualifier === '$LATEST') {
      return { fn, version: fn.latest, qualifier };
    }
    const alias = fn.aliases.get(qualifier);
    const number = alias?.functionVersion ?? qualifier;
    const version = number === '$LATEST' ? fn.latest : fn.versions.get(number);
    if (!version) {
      throw notFound(`Function not found: ${fn.arn}:${qualifier}`);
    }
    return { fn, version, qualifier };
  }
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

export function conflict(message: string): ServiceError {
  return new ServiceError('ResourceConflictException', message, 409, { Type: 'User' });
}
