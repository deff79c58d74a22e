import type { RoleView } from '../core/identity';
import { uniqueId } from '../core/ids';
import type { CallContext } from '../core/service';
import { isStranger, strangersAccount } from '../core/strangers';

/*
 * What callers get away with whose keys this world does not know (`anyKeyAccount`): other projects' suites take on
 * roles that nobody has made, in accounts that are not there. Neither trust policies nor providers are asked about
 * them. Nothing here holds for anybody else.
 */

/** A role that is not there, as though it were; its account comes into being. `undefined` for anybody else. */
export function imaginedRole(arn: string, context: CallContext): RoleView | undefined {
  const [, partition, , , accountId = '', resource = ''] = arn.split(':');
  // CloudFormation, when it asks for a stranger, has its own way to do without a role.
  const asked = isStranger(context) && context.request !== undefined && partition === context.world.partition;
  if (!asked || !strangersAccount(context.world, accountId)) {
    return undefined;
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
