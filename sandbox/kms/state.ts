import { randomBytes, randomUUID } from 'node:crypto';
import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly site: Site;
  readonly createdAt: Date;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly manager: 'CUSTOMER' | 'AWS';
  readonly multiRegion: boolean;
  readonly tags: Tags;
  /** Key material, oldest first; a rotation adds one. */
  readonly materials: Buffer[];
  description: string;
  policy: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  rotationDays?: number;
  deletionDate?: Date;
}

export interface Alias {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  keyId: string;
  updatedAt: Date;
}

interface KmsRegion {
  readonly keys: Map<string, Key>;
  readonly aliases: Map<string, Alias>;
}

export class Keys {
  readonly regions = new Store<KmsRegion>(() => ({ keys: new Map(), aliases: new Map() }));

  constructor(readonly world: World) {}

  create(
    site: Site,
    options: {
      policy: string;
      manager?: 'AWS';
      description?: string;
      tags?: Tags;
      keySpec?: string;
      keyUsage?: string;
      multiRegion?: boolean;
    },
  ): Key {
    const id = options.multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID();
    const key: Key = {
      id,
      arn: `arn:${this.world.partition}:kms:${site.region}:${site.accountId}:key/${id}`,
      site: { accountId: site.accountId, region: site.region },
      createdAt: this.world.now(),
      keySpec: options.keySpec ?? 'SYMMETRIC_DEFAULT',
      keyUsage: options.keyUsage ?? 'ENCRYPT_DECRYPT',
      manager: options.manager ?? 'CUSTOMER',
      multiRegion: options.multiRegion ?? false,
      tags: options.tags ?? new Map(),
      materials: [randomBytes(32)],
      description: options.description ?? '',
      policy: options.policy,
      state: 'Enabled',
    };
    this.regions.at(site).keys.set(id, key);
    return key;
  }

  /** By id, ARN, alias name or alias ARN. AWS managed keys come into being when they are first named. */
  find(text: string | undefined, site: Site): Key | undefined {
    const arn = parseArn(text);
    const place = arn ? { accountId: arn.accountId, region: arn.region } : site;
    const name = arn ? arn.resource : (text ?? '');
    const { keys, aliases } = this.regions.at(place);
    if (name.startsWith('alias/')) {
      const alias = aliases.get(name) ?? this.managedAlias(name, place);
      return alias && keys.get(alias.keyId);
    }
    return keys.get(name.replace(/^key\//, ''));
  }

  /** @throws ServiceError `NotFoundException` */
  at(text: string | undefined, site: Site): Key {
    const key = this.find(text, site);
    if (!key) {
      const { partition } = this.world;
      const isAlias = /(^|:)alias\//.test(text ?? '');
      const kind = isAlias || text?.startsWith('arn:') ? '' : 'key/';
      const full = text?.startsWith('arn:')
        ? text
        : `arn:${partition}:kms:${site.region}:${site.accountId}:${kind}${text}`;
      throw notFound(isAlias ? `Alias ${full} is not found.` : `Key '${full}' does not exist`);
    }
    return key;
  }

  addAlias(name: string, key: Key): Alias {
    const { accountId, region } = key.site;
    const now = this.world.now();
    const arn = `arn:${this.world.partition}:kms:${region}:${accountId}:${name}`;
    const alias = { name, arn, keyId: key.id, createdAt: now, updatedAt: now };
    this.regions.at(key.site).aliases.set(name, alias);
    return alias;
  }

  private managedAlias(name: string, site: Site): Alias | undefined {
    const [, service] = /^alias\/aws\/([a-z0-9]+)$/.exec(name) ?? [];
    if (!service) {
      return undefined;
    }
    const policy = managedPolicy(service, site, this.world.partition);
    const description = `Default key that protects my ${service} data when no other key is defined`;
    return this.addAlias(name, this.create(site, { policy, manager: 'AWS', description }));
  }
}

/** Everybody in the account may use an AWS managed key, through its service and no other way. */
function managedPolicy(service: string, site: Site, partition: string): string {
  const host = `${service}.${site.region}.amazonaws.com`;
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: { StringEquals: { 'kms:CallerAccount': site.accountId, 'kms:ViaService': host } },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${site.accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  });
}

export function defaultPolicy(accountId: string, partition: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

export function notFound(message: string): ServiceError {
  return new ServiceError('NotFoundException', message, 400);
}

/** @throws ServiceError `DisabledException`, `KMSInvalidStateException` */
export function checkUsable(key: Key): void {
  if (key.state === 'Disabled') {
    throw new ServiceError('DisabledException', `${key.arn} is disabled.`, 400);
  }
  if (key.state === 'PendingDeletion') {
    throw new ServiceError('KMSInvalidStateException', `${key.arn} is pending deletion.`, 400);
  }
}
