import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';

/** What users, groups and roles have in common. */
export interface Entity {
  readonly kind: 'user' | 'group' | 'role';
  name: string;
  path: string;
  readonly id: string;
  readonly createdAt: Date;
  /** ARNs of managed policies, in the order of attachment. */
  readonly attached: Set<string>;
  /** Inline policies by name. */
  readonly inline: Map<string, string>;
  readonly tags: Tags;
  /** ARN of the permissions boundary. */
  boundary?: string;
  /** When and where each action was last asked for, such as `s3:GetObject`. */
  readonly accesses: Map<string, { readonly at: Date; readonly region: string }>;
}

/** Who has keys: a user, or the account's root user. */
export interface KeyOwner {
  readonly name: string;
  readonly accessKeys: Map<string, AccessKeyRecord>;
}

export interface AccessKeyRecord {
  readonly id: string;
  readonly secret: string;
  readonly createdAt: Date;
  status: 'Active' | 'Inactive';
  lastUsed?: { at: Date; service: string; region: string };
}

/** A user name and password for a service that takes no keys. */
export interface ServiceCredential {
  readonly id: string;
  readonly service: string;
  readonly userName: string;
  readonly createdAt: Date;
  password: string;
  status: 'Active' | 'Inactive';
}

/** A signing certificate or an SSH key of a user. */
export interface UserKey {
  readonly id: string;
  readonly uploadedAt: Date;
  readonly body: string;
  status: string;
}

export interface User extends Entity {
  readonly kind: 'user';
  readonly groups: Set<string>;
  readonly accessKeys: Map<string, AccessKeyRecord>;
  readonly mfaDevices: Map<string, Date>;
  readonly serviceCredentials: Map<string, ServiceCredential>;
  readonly certificates: Map<string, UserKey>;
  readonly sshKeys: Map<string, UserKey>;
  loginProfile?: { createdAt: Date; resetRequired: boolean };
}

export interface Group extends Entity {
  readonly kind: 'group';
}

export interface Role extends Entity {
  readonly kind: 'role';
  trustPolicy: string;
  /** Unique ids of the users and roles that the trust policy named when it was set: a namesake is somebody else. */
  trustedIds: ReadonlyMap<string, string>;
  description?: string;
  maxSessionDuration: number;
  /** The service that owns a service-linked role. */
  readonly linkedTo?: string;
  lastUsed?: { at: Date; region: string };
}

export interface PolicyVersion {
  readonly id: string;
  readonly document: string;
  readonly createdAt: Date;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description?: string;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly versions: Map<string, PolicyVersion>;
  defaultVersion: string;
  nextVersion: number;
  readonly tags: Tags;
}

export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: Date;
  role?: string;
  readonly tags: Tags;
}

/** A SAML or OpenID Connect provider. */
export interface Provider {
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags: Tags;
  document?: string;
  url?: string;
  clientIds?: string[];
  thumbprints?: string[];
}

export interface MfaDevice {
  readonly serialNumber: string;
  readonly createdAt: Date;
  readonly tags: Tags;
  user?: string;
  enabledAt?: Date;
}

/** IAM of one account. Maps are in order of creation. */
export interface IamAccount {
  readonly id: string;
  readonly root: KeyOwner;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly roles: Map<string, Role>;
  readonly policies: Map<string, ManagedPolicy>;
  readonly instanceProfiles: Map<string, InstanceProfile>;
  readonly samlProviders: Map<string, Provider>;
  readonly oidcProviders: Map<string, Provider>;
  readonly mfaDevices: Map<string, MfaDevice>;
  readonly deletionTasks: Map<string, string>;
  alias?: string;
  /** Issuer of the tokens that STS gives out for the account, while it may. */
  outboundIssuer?: string;
  passwordPolicy?: Readonly<Record<string, unknown>>;
}

function newAccount(id: string): IamAccount {
  return {
    id,
    root: { name: '<root_account>', accessKeys: new Map() },
    users: new Map(),
    groups: new Map(),
    roles: new Map(),
    policies: new Map(),
    instanceProfiles: new Map(),
    samlProviders: new Map(),
    oidcProviders: new Map(),
    mfaDevices: new Map(),
    deletionTasks: new Map(),
  };
}

const labels = { user: 'user', group: 'group', role: 'role' } as const;

/** IAM of every account of a world. */
export class IamState {
  private readonly accounts = new Map<string, IamAccount>();

  constructor(readonly partition: string) {}

  account(id: string): IamAccount {
    let account = this.accounts.get(id);
    if (!account) {
      account = newAccount(id);
      this.accounts.set(id, account);
    }
    return account;
  }

  arn(accountId: string, kind: string, path: string, name: string): string {
    // Strangers' paths may lack their slashes.
    const slashed = path.replace(/^(?!\/)/, '/').replace(/(?<!\/)$/, '/');
    return `arn:${this.partition}:iam::${accountId}:${kind}${slashed}${name}`;
  }

  entityArn(accountId: string, entity: Entity): string {
    return this.arn(accountId, entity.kind, entity.path, entity.name);
  }
}

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}

/** Names differ in more than their case: lookups and duplicates ignore it. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** @throws ServiceError `NoSuchEntity` */
export function findEntity<T extends Entity>(map: Map<string, T>, name: string | undefined, kind: Entity['kind']): T {
  const entity = map.get(nameKey(name ?? ''));
  if (!entity) {
    throw noSuchEntity(`The ${labels[kind]} with name ${name} cannot be found.`);
  }
  return entity;
}

/** The users and roles that an ARN names, wherever they are. */
export function entityByArn(state: IamState, arn: string): { accountId: string; entity: User | Role } | undefined {
  const parts = /^arn:[\w-]+:iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn);
  if (!parts) {
    return undefined;
  }
  const [, accountId = '', kind, name = ''] = parts;
  const account = state.account(accountId);
  const entity = kind === 'user' ? account.users.get(nameKey(name)) : account.roles.get(nameKey(name));
  return entity && state.entityArn(accountId, entity) === arn ? { accountId, entity } : undefined;
}
