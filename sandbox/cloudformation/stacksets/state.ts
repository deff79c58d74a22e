import { type Site, Store } from '../../common/store';
import { ServiceError } from '../../core/errors';
import type { CallContext } from '../../core/service';
import type { World } from '../../core/world';
import { validationError } from '../errors';
import type { StackSet } from './model';

/** Under this name StackSets has trusted access and delegated administrators. */
export const stackSetsPrincipal = 'member.org.stacksets.cloudformation.amazonaws.com';

interface StackSetRegion {
  /** Active stack sets by name. */
  readonly active: Map<string, StackSet>;
  readonly byId: Map<string, StackSet>;
}

/**
 * The account whose stack sets a request means: the management account's for a delegated administrator.
 *
 * @throws ServiceError `ValidationError` when the caller is none
 */
export function ownerOf(world: World, context: Site, callAs: string | undefined): Site {
  if (callAs !== 'DELEGATED_ADMIN') {
    return context;
  }
  const organization = world.organization.current;
  if (!organization?.delegatedAdministrators(stackSetsPrincipal).includes(context.accountId)) {
    throw validationError('Account used is not a delegated administrator');
  }
  return { accountId: organization.managementAccountId, region: context.region };
}

export class StackSetStore {
  private readonly regions = new Store<StackSetRegion>(() => ({ active: new Map(), byId: new Map() }));

  constructor(readonly world: World) {}

  at(site: Site): StackSetRegion {
    return this.regions.at(site);
  }

  /** Every active stack set of the world. */
  *all(): Iterable<StackSet> {
    for (const region of this.regions.all()) {
      yield* region.active.values();
    }
  }

  /** By name, id (`name:uuid`) or ARN; `undefined` when there is none or it cannot be seen. */
  find(name: string | undefined, context: Site, callAs: string | undefined): StackSet | undefined {
    try {
      return this.lookUp(name ?? '', ownerOf(this.world, context, callAs));
    } catch {
      return undefined;
    }
  }

  private lookUp(name: string, site: Site): StackSet | undefined {
    const region = this.regions.at(site);
    const short = name.startsWith('arn:') ? name.slice(name.lastIndexOf('stackset/') + 9) : name;
    return short.includes(':') ? region.byId.get(short) : region.active.get(short);
  }

  /** @throws ServiceError `StackSetNotFoundException`, `ValidationError` */
  existing(name: string | undefined, context: CallContext, callAs: string | undefined): StackSet {
    const found = this.lookUp(name ?? '', ownerOf(this.world, context, callAs));
    if (!found || found.status === 'DELETED') {
      throw new ServiceError('StackSetNotFoundException', `StackSet ${name} not found`, 404);
    }
    return found;
  }

  add(set: StackSet): void {
    const region = this.regions.at(set);
    region.active.set(set.name, set);
    region.byId.set(set.id, set);
  }

  bury(set: StackSet): void {
    set.status = 'DELETED';
    this.regions.at(set).active.delete(set.name);
  }
}
