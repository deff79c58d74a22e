import type {
  AccountJoinedMethod,
  ActionType,
  CreateAccountFailureReason,
  CreateAccountState,
  HandshakeResource,
  HandshakeState,
  OrganizationFeatureSet,
  PolicyType,
} from '@aws-sdk/client-organizations';
import type { CallContext } from '../core/service';
import type { World } from '../core/world';
import { organizationsError } from './errors';

/** The root, an organizational unit or an account: what policies and tags hang on. */
export interface Node {
  readonly id: string;
  readonly kind: 'ROOT' | 'ORGANIZATIONAL_UNIT' | 'ACCOUNT';
  /** Of a root or unit; an account's name is the world's. */
  name: string;
  /** Absent for the root only. */
  parentId?: string;
  readonly tags: Map<string, string>;
  /** Ids of attached policies, in the order of attachment. */
  readonly policies: Set<string>;
}

/** An account of the organization. */
export interface Membership extends Node {
  readonly kind: 'ACCOUNT';
  readonly joinedMethod: AccountJoinedMethod;
  readonly joinedAt: Date;
  /** Service principal → when it was made delegated administrator. */
  readonly delegations: Map<string, Date>;
}

export interface Policy {
  readonly id: string;
  readonly type: PolicyType;
  readonly awsManaged: boolean;
  name: string;
  description: string;
  content: string;
  readonly tags: Map<string, string>;
}

export interface CreationStatus {
  readonly id: string;
  readonly accountName: string;
  readonly requestedAt: Date;
  state: CreateAccountState;
  completedAt?: Date;
  accountId?: string;
  govCloudAccountId?: string;
  failureReason?: CreateAccountFailureReason;
}

export interface Organization {
  readonly id: string;
  readonly managementAccountId: string;
  featureSet: OrganizationFeatureSet;
  readonly root: Node;
  /** The root, units and accounts by id, in the order in which they came. */
  readonly nodes: Map<string, Node>;
  readonly policies: Map<string, Policy>;
  /** Types that ListRoots shows as enabled. */
  readonly policyTypes: Set<PolicyType>;
  /** Whether service control policies were switched off by hand; with all features they apply from the start. */
  serviceControlOff: boolean;
  /** Service principal → when trusted access was enabled. */
  readonly trustedServices: Map<string, Date>;
  readonly creations: Map<string, CreationStatus>;
  resourcePolicy?: { readonly id: string; content: string; readonly tags: Map<string, string> };
  /** When an account was closed: counts against the quota. */
  readonly closures: Date[];
}

/** An invitation, or a step of another agreement between accounts. */
export interface Handshake {
  readonly id: string;
  readonly action: ActionType;
  readonly organization: Organization;
  readonly target: { readonly type: 'ACCOUNT' | 'EMAIL'; readonly id: string };
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly resources: readonly HandshakeResource[];
  /** The handshake that asks for all features, when this one approves it. */
  readonly parentId?: string;
  state: HandshakeState;
}

/** An agreement that one management account takes a responsibility over from another. */
export interface Transfer {
  readonly id: string;
  name: string;
  /** Management account that gives the responsibility away, and the one that takes it and asked for it. */
  readonly sourceId: string;
  readonly targetId: string;
  readonly startsAt: Date;
  /** Set when one of both withdraws. */
  endsAt?: Date;
  readonly handshake: Handshake;
  readonly tags: Map<string, string>;
}

/** All of Organizations' state in one world. */
export class OrganizationsState {
  readonly organizations: Organization[] = [];
  readonly handshakes = new Map<string, Handshake>();
  readonly transfers = new Map<string, Transfer>();

  constructor(readonly world: World) {}

  now(): Date {
    return this.world.now();
  }

  /** The organization that an account is in. */
  of(accountId: string): Organization | undefined {
    return this.organizations.find((organization) => organization.nodes.has(accountId));
  }

  /** @throws ServiceError when the caller is in no organization */
  required(context: Pick<CallContext, 'accountId'>): Organization {
    const organization = this.of(context.accountId);
    if (!organization) {
      throw organizationsError('AWSOrganizationsNotInUseException');
    }
    return organization;
  }

  arn(organization: Organization, resource: string): string {
    return `arn:${this.world.partition}:organizations::${organization.managementAccountId}:${resource}`;
  }
}

/** Accounts of an organization, in the order in which they joined. */
export function memberships(organization: Organization): Membership[] {
  return [...organization.nodes.values()].filter((node): node is Membership => node.kind === 'ACCOUNT');
}

/** @throws ServiceError when the account is not in the organization */
export function membership(organization: Organization, accountId: string): Membership {
  const node = organization.nodes.get(accountId);
  if (node?.kind !== 'ACCOUNT') {
    throw organizationsError('AccountNotFoundException');
  }
  return node as Membership;
}

export function childrenOf(organization: Organization, parentId: string): Node[] {
  return [...organization.nodes.values()].filter((node) => node.parentId === parentId);
}

/** From the root down to the node itself. */
export function chain(organization: Organization, id: string): Node[] {
  const node = organization.nodes.get(id);
  if (!node) {
    return [];
  }
  return node.parentId ? [...chain(organization, node.parentId), node] : [node];
}
