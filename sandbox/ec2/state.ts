import type { Site } from '../common/store';
import type { Tags } from '../common/tags';
import type { CallContext, Caller } from '../core/service';
import type { World } from '../core/world';
import type { AllowedImages, Image } from './images/model';
import type { Instance } from './instances/model';
import type { Fleet, KeyPair, LaunchTemplate } from './launch/model';
import { serviceLinkedRole } from './launch/service';
import { addDefaults } from './network/defaults';
import type { Snapshot, Volume } from './storage/model';

/** Anything of EC2 that has an id and tags. */
export interface Resource {
  readonly id: string;
  readonly tags: Tags;
}

export interface Vpc extends Resource {
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  readonly isDefault: boolean;
  readonly tenancy: string;
  readonly attributes: { enableDnsSupport: boolean; enableDnsHostnames: boolean; enableNetworkMetrics: boolean };
}

export interface Subnet extends Resource {
  readonly vpcId: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  readonly zone: string;
  readonly zoneId: string;
  readonly isDefault: boolean;
  mapPublicIp: boolean;
  /** Addresses that are given out. */
  readonly used: Set<string>;
}

/** What a rule lets in or out. Exactly one of the four targets is there. */
export interface RuleTarget {
  readonly cidr4?: string;
  readonly cidr6?: string;
  readonly prefixListId?: string;
  readonly peer?: { readonly groupId: string; readonly userId: string; readonly vpcId?: string };
}

/** What a rule says, apart from its id. Ports are absent where the protocol has none. */
export interface RuleTerms extends RuleTarget {
  readonly egress: boolean;
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly description?: string;
}

export interface Rule extends Resource {
  readonly groupId: string;
  terms: RuleTerms;
}

export interface SecurityGroup extends Resource {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly rules: Map<string, Rule>;
}

export interface PrefixListEntry {
  readonly cidr: string;
  readonly description?: string;
}

export interface PrefixList extends Resource {
  name: string;
  readonly ownerId: string;
  readonly family: 'IPv4' | 'IPv6';
  maxEntries?: number;
  state: string;
  stateMessage?: string;
  /** Entries of each version; the last is today's. AWS's own lists have one and tell no version. */
  readonly versions: (readonly PrefixListEntry[])[];
}

export interface NetworkInterface extends Resource {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly address: string;
  publicAddress?: string;
  readonly mac: string;
  readonly type: string;
  /** Who made it: a principal's unique id, or the service, such as `amazon-elb`. */
  readonly requesterId?: string;
  /** Made by a service for somebody, who may not change or detach it. */
  readonly managed: boolean;
  description: string;
  groupIds: readonly string[];
  sourceDestCheck: boolean;
  attachment?: {
    readonly id: string;
    readonly instanceId: string;
    readonly deviceIndex: number;
    readonly attachedAt: Date;
    deleteOnTermination: boolean;
  };
}

/** EC2 of one account in one region. */
export interface Cell {
  readonly site: Site;
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly groups: Map<string, SecurityGroup>;
  readonly interfaces: Map<string, NetworkInterface>;
  readonly prefixLists: Map<string, PrefixList>;
  readonly images: Map<string, Image>;
  readonly allowedImages: AllowedImages;
  readonly instances: Map<string, Instance>;
  readonly volumes: Map<string, Volume>;
  readonly snapshots: Map<string, Snapshot>;
  /** Whether new volumes are encrypted unasked, and with which key when nobody names one. */
  readonly encryption: { byDefault: boolean; keyArn?: string };
  readonly keyPairs: Map<string, KeyPair>;
  readonly templates: Map<string, LaunchTemplate>;
  readonly fleets: Map<string, Fleet>;
  /** Changes of state that are under way. */
  readonly moving: Set<() => void>;
  /** Answers to requests that brought a client token, for the second time they come. */
  readonly tokens: Map<string, { readonly request: string; readonly ids: readonly string[] }>;
}

/** A cell with what every account has from the start; the same account and region give the same ids. */
function newCell(site: Site): Cell {
  const cell: Cell = {
    site,
    vpcs: new Map(),
    subnets: new Map(),
    groups: new Map(),
    interfaces: new Map(),
    prefixLists: new Map(),
    images: new Map(),
    allowedImages: { state: 'disabled', managedBy: 'account', criteria: [] },
    instances: new Map(),
    volumes: new Map(),
    snapshots: new Map(),
    encryption: { byDefault: false },
    keyPairs: new Map(),
    templates: new Map(),
    fleets: new Map(),
    moving: new Set(),
    tokens: new Map(),
  };
  addDefaults(cell);
  return cell;
}

/** Where one call acts. */
export interface Place {
  readonly ec2: Ec2;
  readonly cell: Cell;
  readonly context: CallContext;
}

/** Input and output are the SDK's shapes, as for `Handler`. */
// biome-ignore lint/suspicious/noExplicitAny: each operation narrows to its own SDK types; the table holds all of them.
export type Operation = (input: any, place: Place) => any;

export type Operations = Readonly<Record<string, Operation>>;

/** EC2 of a whole world. */
export class Ec2 {
  private readonly cells = new Map<string, Cell>();

  constructor(readonly world: World) {}

  /** The cell, to be changed: it is kept from now on. */
  at(site: Site): Cell {
    const key = `${site.accountId}/${site.region}`;
    let cell = this.cells.get(key);
    if (!cell) {
      cell = newCell({ accountId: site.accountId, region: site.region });
      this.cells.set(key, cell);
    }
    return cell;
  }

  /** The cell, to be read: one that nobody has changed is made anew each time and costs no memory. */
  look(site: Site): Cell {
    return (
      this.cells.get(`${site.accountId}/${site.region}`) ?? newCell({ accountId: site.accountId, region: site.region })
    );
  }

  /** Every cell of a region that somebody has changed. */
  ofRegion(region: string): Cell[] {
    return [...this.cells.values()].filter((cell) => cell.site.region === region);
  }

  /** The session of a service's own role in an account. @throws ServiceError */
  serviceLinkedRole(accountId: string, principal: string): Promise<Caller> {
    return serviceLinkedRole(this.world, accountId, principal);
  }

  arn(site: Site, resource: string): string {
    return `arn:${this.world.partition}:ec2:${site.region}:${site.accountId}:${resource}`;
  }
}
