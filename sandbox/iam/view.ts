import type { Grants, IdentityView, RoleView } from '../core/identity';
import type { Caller } from '../core/service';
import type { World } from '../core/world';
import type { Policies } from './policies';
import { type Entity, entityByArn, type IamAccount, type IamState, type Role, type User } from './state';
import { trustPolicyNow } from './trust';

/** What IAM tells the authoriser and STS. */
export class StateView implements IdentityView {
  constructor(
    private readonly state: IamState,
    private readonly policies: Policies,
    private readonly world: World,
  ) {}

  grants(caller: Caller): Grants | undefined {
    if (caller.issuerArn !== undefined) {
      const issuer = entityByArn(this.state, caller.issuerArn);
      return issuer && this.grantsOf(issuer.accountId, issuer.entity);
    }
    const found = entityByArn(this.state, caller.roleArn ?? caller.arn);
    const id = caller.userId.split(':')[0];
    return found && found.entity.id === id ? this.grantsOf(found.accountId, found.entity) : undefined;
  }

  grantsOf(accountId: string, entity: Entity): Grants {
    const account = this.state.account(accountId);
    const groups = entity.kind === 'user' ? groupsOf(account, entity as User) : [];
    return {
      policies: [entity, ...groups].flatMap((each) => this.documentsOf(each)),
      boundary: entity.boundary === undefined ? undefined : (this.policies.document(entity.boundary) ?? '{}'),
      tags: Object.fromEntries(entity.tags),
    };
  }

  documentsOf(entity: Entity): string[] {
    const attached = [...entity.attached].flatMap((arn) => this.policies.document(arn) ?? []);
    return [...attached, ...entity.inline.values()];
  }

  role(arn: string): RoleView | undefined {
    const found = entityByArn(this.state, arn);
    if (found?.entity.kind !== 'role') {
      return undefined;
    }
    const role = found.entity as Role;
    return {
      arn,
      roleId: role.id,
      accountId: found.accountId,
      name: role.name,
      path: role.path,
      trustPolicy: trustPolicyNow(this.state, role),
      maxSessionDuration: role.maxSessionDuration,
      tags: Object.fromEntries(role.tags),
    };
  }

  policyDocument(arn: string): string | undefined {
    return this.policies.document(arn);
  }

  provider(arn: string): { document?: string; clientIds?: readonly string[] } | undefined {
    const account = this.state.account(arn.split(':')[4] ?? '');
    return account.samlProviders.get(arn) ?? account.oidcProviders.get(arn);
  }

  outboundIssuer(accountId: string): string | undefined {
    return this.state.account(accountId).outboundIssuer;
  }

  hasMfaDevice(caller: Caller, serialNumber: string): boolean {
    const entity = entityByArn(this.state, caller.arn)?.entity;
    return entity?.kind === 'user' && (entity as User).mfaDevices.has(serialNumber);
  }

  noteRoleUse(arn: string, region: string): void {
    const found = entityByArn(this.state, arn);
    if (found?.entity.kind === 'role') {
      (found.entity as Role).lastUsed = { at: this.world.now(), region };
    }
  }

  noteAccess(caller: Caller, action: string, region: string): void {
    const found = entityByArn(this.state, caller.roleArn ?? caller.arn);
    found?.entity.accesses.set(action, { at: this.world.now(), region });
  }

  noteKeyUse(caller: Caller, service: string, region: string): void {
    const owner =
      caller.kind === 'root' ? this.state.account(caller.accountId).root : entityByArn(this.state, caller.arn)?.entity;
    const key = owner && 'accessKeys' in owner ? owner.accessKeys.get(caller.accessKeyId ?? '') : undefined;
    if (key) {
      key.lastUsed = { at: this.world.now(), service, region };
    }
  }
}

function groupsOf(account: IamAccount, user: User): Entity[] {
  return [...user.groups].flatMap((name) => account.groups.get(name) ?? []);
}
