import type { RoleView } from '../core/identity';
import { uniqueId } from '../core/ids';
import type { CallContext } from '../core/service';
import { isStranger } from '../core/strangers';

/*
 * What callers get away with whose keys this world does not know (`anyKeyAccount`): other projects' suites take on
 * roles that nobody has made, in accounts that are not there. Neither trust policies nor providers are asked about
 * them. Nothing here holds for anybody else.
 */

/** A role that is not there, as though it were; its account comes into being. `undefined` for anybody else. */
export function imaginedRole(arn: string, context: CallContext): RoleView | undefined {
  const [, partition, , , accountId = '', resource = ''] = arn.split(':');
  const { accounts, regions } = context.world;
  const status = accounts.get(accountId)?.status ?? 'ACTIVE';
  // CloudFormation, when it asks for a stranger, has its own way to do without a role.
  if (
    !isStranger(context) ||
    context.request === undefined ||
    partition !== context.world.partition ||
    status !== 'ACTIVE'
  ) {
    return undefined;
  }
  if (!accounts.has(accountId)) {
    const open = [...regions].filter(([, { optIn }]) => !optIn).map(([name]) => name);
    const [email, name] = [`${accountId}@example.com`, accountId];
    accounts.set(accountId, { id: accountId, email, name, status, enabledRegions: new Set(open) });
  }
  return {
    arn,
    roleId: uniqueId('AROA'),
    accountId,
    name: resource.split('/').at(-1) ?? '',
    path: '/',
    trustPolicy: '',
    maxSessionDuration: 43_200,
    tags: {},
  };
}
