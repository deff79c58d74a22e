import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';

export interface ParameterVersion {
  readonly version: number;
  /** Plain for String and StringList; ciphertext in base64 for SecureString. */
  readonly value: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly keyId?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tier: string;
  readonly policies?: string;
  readonly dataType: string;
  readonly modifiedAt: Date;
  readonly modifiedBy: string;
  readonly labels: Set<string>;
}

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly tags: Tags;
  readonly versions: ParameterVersion[];
  /** The next version's number: versions over a hundred push the oldest out. */
  nextVersion: number;
}

export class Parameters {
  readonly regions = new Store<Map<string, Parameter>>(() => new Map());

  constructor(readonly world: World) {}

  arn(name: string, site: Site): string {
    const path = name.startsWith('/') ? name : `/${name}`;
    return `arn:${this.world.partition}:ssm:${site.region}:${site.accountId}:parameter${path}`;
  }

  /** Splits `name:version`, `name:label` and ARNs. */
  static split(text: string): { name: string; selector?: string; site?: Site } {
    const arn = parseArn(text);
    if (arn?.service === 'ssm') {
      const path = arn.resource.replace(/^parameter/, '');
      const [name = '', selector] = path.split(':');
      return { name, selector, site: { accountId: arn.accountId, region: arn.region } };
    }
    const [name = '', selector] = text.split(':');
    return { name, selector };
  }

  find(text: string, site: Site): { parameter: Parameter; version: ParameterVersion; selector?: string } | undefined {
    const { name, selector, site: own } = Parameters.split(text);
    const known = this.regions.at(own ?? site);
    const parameter = known.get(name) ?? (own ? known.get(name.slice(1)) : undefined);
    const version = parameter && pick(parameter, selector);
    return parameter && version ? { parameter, version, selector } : undefined;
  }
}

function pick(parameter: Parameter, selector: string | undefined): ParameterVersion | undefined {
  if (selector === undefined) {
    return parameter.versions.at(-1);
  }
  return parameter.versions.find((one) => String(one.version) === selector || one.labels.has(selector));
}

export function parameterNotFound(message = ''): ServiceError {
  return new ServiceError('ParameterNotFound', message, 400);
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}
