import type { CallContext } from '../core/service';
import { isStranger, unlessStranger } from '../core/strangers';
import type { IamAccount, KeyOwner, User } from './state';
import { checkName, checkPath } from './validate';

/*
 * What callers get away with whose keys this world does not know (`anyKeyAccount`): other projects' suites write down
 * any text as a role's trust policy or as a provider's metadata, paths without their slashes, and short passwords.
 * Nothing here holds for anybody else.
 */

/** The path of a new user, group, role or profile: a stranger's may lack its slashes, and is kept as it is. */
export function newPath(path: string | undefined, context: CallContext): string {
  checkPath(path && isStranger(context) ? `/${path}/` : path);
  return path ?? '/';
}

/** Whom a new role trusts: nobody, when a stranger's policy is none. */
export function trustedBy(context: CallContext, check: () => Map<string, string>): Map<string, string> {
  return unlessStranger(context, check, new Map());
}

/** The name of an inline policy: strangers' may have spaces. */
export function inlineName(name: string | undefined, context: CallContext): string {
  checkName(isStranger(context) ? name?.replaceAll(' ', '-') : name, 'policyName', 128);
  return name ?? '';
}

/** Whose access key it is, where a stranger names only the key. */
export function ownerOfKey(
  account: IamAccount,
  id: string | undefined,
  context: CallContext,
): User | KeyOwner | undefined {
  const users = isStranger(context) ? [...account.users.values()] : [];
  return users.find((user) => user.accessKeys.has(id ?? ''));
}
