import type { GetAccessKeyLastUsedRequest, ListAccessKeysRequest, UpdateAccessKeyRequest } from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import { accessKeyId, secretKey } from '../core/ids';
import type { CallContext, Caller, Handler } from '../core/service';
import type { World } from '../core/world';
import { page } from './page';
import {
  type AccessKeyRecord,
  type IamAccount,
  type IamState,
  type KeyOwner,
  nameKey,
  noSuchEntity,
  type User,
} from './state';
import { ownerOfKey } from './strangers';
import { callingUser } from './users';
import { limitExceeded, violation } from './validate';

/** Gives a user a key and tells the world about it. */
export function addAccessKey(
  state: IamState,
  world: World,
  accountId: string,
  user: User | KeyOwner,
  key: { id: string; secret: string },
): AccessKeyRecord {
  const record: AccessKeyRecord = { ...key, createdAt: world.now(), status: 'Active' };
  user.accessKeys.set(key.id, record);
  const caller = (): Caller | undefined => {
    if (record.status !== 'Active') {
      return undefined;
    }
    if (!('kind' in user)) {
      const arn = `arn:${state.partition}:iam::${accountId}:root`;
      return { kind: 'root', accountId, arn, userId: accountId, accessKeyId: key.id };
    }
    if (state.account(accountId).users.get(nameKey(user.name)) !== user) {
      return undefined;
    }
    return { kind: 'user', accountId, arn: state.entityArn(accountId, user), userId: user.id, accessKeyId: key.id };
  };
  world.keys.add({ accessKeyId: key.id, secretAccessKey: key.secret, accountId, caller });
  return record;
}

/** Whose keys a call is about; the root user's only when the root user calls. @throws ServiceError */
function keyOwner(account: IamAccount, name: string | undefined, context: CallContext, id?: string): User | KeyOwner {
  const found = name === undefined && id !== undefined ? ownerOfKey(account, id, context) : undefined;
  if (found) {
    return found;
  }
  return name === undefined && context.caller.kind === 'root' ? account.root : callingUser(account, name, context);
}

function findKey(user: KeyOwner, id: string | undefined): AccessKeyRecord {
  const key = user.accessKeys.get(id ?? '');
  if (!key) {
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  }
  return key;
}

/** Access keys of users and of the root user. */
export function keyOperations(state: IamState, world: World): Record<string, Handler> {
  return {
    CreateAccessKey: (input: { UserName?: string }, context) => {
      const user = keyOwner(state.account(context.accountId), input.UserName, context);
      if (user.accessKeys.size >= 2) {
        throw limitExceeded('AccessKeysPerUser', 2);
      }
      const made = { id: accessKeyId('AKIA', context.accountId), secret: secretKey() };
      const key = addAccessKey(state, world, context.accountId, user, made);
      const shown = { UserName: user.name, AccessKeyId: key.id, Status: key.status, CreateDate: key.createdAt };
      return { AccessKey: { ...shown, SecretAccessKey: key.secret } };
    },
    DeleteAccessKey: (input: UpdateAccessKeyRequest, context) => {
      const user = keyOwner(state.account(context.accountId), input.UserName, context, input.AccessKeyId);
      const key = findKey(user, input.AccessKeyId);
      user.accessKeys.delete(key.id);
      world.keys.remove(key.id);
      return {};
    },
    UpdateAccessKey: (input: UpdateAccessKeyRequest, context) => {
      const user = keyOwner(state.account(context.accountId), input.UserName, context, input.AccessKeyId);
      const { Status } = input;
      if (Status !== 'Active' && Status !== 'Inactive') {
        throw violation(
          `Value '${Status}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]`,
        );
      }
      findKey(user, input.AccessKeyId).status = Status;
      return {};
    },
    ListAccessKeys: (input: ListAccessKeysRequest, context) => {
      const user = keyOwner(state.account(context.accountId), input.UserName, context);
      const keys = [...user.accessKeys.values()].map((key) => ({
        UserName: user.name,
        AccessKeyId: key.id,
        Status: key.status,
        CreateDate: key.createdAt,
      }));
      return page('AccessKeyMetadata', keys, input);
    },
    GetAccessKeyLastUsed: (input: GetAccessKeyLastUsedRequest, context) => {
      const account = state.account(context.accountId);
      const users = [account.root, ...account.users.values()];
      const user = users.find((each) => each.accessKeys.has(input.AccessKeyId ?? ''));
      if (!user) {
        throw new ServiceError('AccessDenied', `Access key ${input.AccessKeyId} cannot be found.`, 403);
      }
      const used = user.accessKeys.get(input.AccessKeyId ?? '')?.lastUsed;
      const LastUsed = { LastUsedDate: used?.at, ServiceName: used?.service ?? 'N/A', Region: used?.region ?? 'N/A' };
      return { UserName: user.name, AccessKeyLastUsed: LastUsed };
    },
  };
}
