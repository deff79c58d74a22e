import type { Handler } from '../core/service';
import type { World } from '../core/world';
import { addAccessKey } from './accessKeys';
import { addRole } from './roles';
import { findEntity, type IamState, nameKey } from './state';
import { addUser } from './users';

export interface AdministratorInput {
  readonly userName: string;
  readonly key: { readonly id: string; readonly secret: string };
}

export interface AccessRoleInput {
  readonly roleName: string;
  readonly trustedAccountId: string;
}

/**
 * Operations that only the sandbox itself calls (they have no schema, so no request reaches them): what stands in
 * an account from the start.
 */
export function furnishOperations(state: IamState, world: World): Record<string, Handler> {
  const administrator = `arn:${state.partition}:iam::aws:policy/AdministratorAccess`;
  return {
    AddAdministrator: (input: AdministratorInput, { accountId }) => {
      const { users } = state.account(accountId);
      if (!users.has(nameKey(input.userName))) {
        const attached = new Set([administrator]);
        addUser(state, accountId, { name: input.userName, path: '/', createdAt: world.now(), attached });
      }
      addAccessKey(state, world, accountId, findEntity(users, input.userName, 'user'), input.key);
      return {};
    },
    AddAccessRole: (input: AccessRoleInput, { accountId }) => {
      if (state.account(accountId).roles.has(nameKey(input.roleName))) {
        return {};
      }
      const principal = { AWS: `arn:${state.partition}:iam::${input.trustedAccountId}:root` };
      const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
      addRole(state, accountId, {
        name: input.roleName,
        path: '/',
        createdAt: world.now(),
        trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        attached: new Set([administrator]),
      });
      return {};
    },
  };
}
