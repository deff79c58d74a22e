import type {
  AddUserToGroupRequest,
  CreateGroupRequest,
  CreateUserRequest,
  DeleteUserRequest,
  GetGroupRequest,
  ListGroupsForUserRequest,
  ListUsersRequest,
  UpdateGroupRequest,
  UpdateUserRequest,
} from '@aws-sdk/client-iam';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { uniqueId } from '../core/ids';
import type { CallContext, Handler } from '../core/service';
import { page } from './page';
import type { Policies } from './policies';
import { groupShape, userShape } from './shapes';
import { findEntity, type Group, type IamAccount, type IamState, nameKey, noSuchEntity, type User } from './state';
import { newPath } from './strangers';
import { alreadyExists, checkName, checkTags, deleteConflict, limitExceeded } from './validate';

type NewUser = Pick<User, 'name' | 'path' | 'createdAt'> & Partial<User>;

/** Puts a user into an account, without the checks of the API. */
export function addUser(state: IamState, accountId: string, user: NewUser): User {
  const made: User = {
    kind: 'user',
    id: uniqueId('AIDA'),
    attached: new Set(),
    inline: new Map(),
    tags: new Map(),
    accesses: new Map(),
    groups: new Set(),
    accessKeys: new Map(),
    mfaDevices: new Map(),
    serviceCredentials: new Map(),
    certificates: new Map(),
    sshKeys: new Map(),
    ...user,
  };
  state.account(accountId).users.set(nameKey(made.name), made);
  return made;
}

/** The user that an operation means when it names none: the caller. @throws ServiceError `ValidationError` */
export function callingUser(account: IamAccount, name: string | undefined, context: CallContext): User {
  if (name !== undefined) {
    return findEntity(account.users, name, 'user');
  }
  if (context.caller.kind !== 'user') {
    throw new ServiceError('ValidationError', 'Must specify userName when calling with non-User credentials', 400);
  }
  const { arn } = context.caller;
  return findEntity(account.users, arn.slice(arn.lastIndexOf('/') + 1), 'user');
}

function createUser(state: IamState, policies: Policies): Handler {
  return (input: CreateUserRequest, context) => {
    const name = checkName(input.UserName, 'userName', 64);
    const path = newPath(input.Path, context);
    checkTags(input.Tags);
    const { users } = state.account(context.accountId);
    if (users.has(nameKey(name))) {
      throw alreadyExists(`User with name ${name} already exists.`);
    }
    const boundary = input.PermissionsBoundary
      ? policies.attachable(input.PermissionsBoundary, context).arn
      : undefined;
    if (users.size >= 5000) {
      throw limitExceeded('UsersPerAccount', 5000);
    }
    const createdAt = context.world.now();
    const user = addUser(state, context.accountId, { name, path, createdAt, tags: tagsFrom(input.Tags), boundary });
    return { User: userShape(state, context.accountId, user) };
  };
}

function deleteUser(state: IamState): Handler {
  return (input: DeleteUserRequest, context) => {
    const { users } = state.account(context.accountId);
    const user = findEntity(users, input.UserName, 'user');
    const checks: [boolean, string][] = [
      [user.groups.size > 0, 'remove users from group'],
      [user.attached.size > 0, 'detach all policies'],
      [user.inline.size > 0, 'delete policies'],
      [user.accessKeys.size > 0, 'delete access keys'],
      [user.loginProfile !== undefined, 'delete login profile'],
      [user.mfaDevices.size > 0, 'delete MFA device'],
      [user.certificates.size > 0, 'delete signing certificates'],
      [user.serviceCredentials.size > 0 || user.sshKeys.size > 0, 'remove referenced objects'],
    ];
    for (const [hinders, what] of checks) {
      if (hinders) {
        throw deleteConflict(what);
      }
    }
    users.delete(nameKey(user.name));
    return {};
  };
}

function updateUser(state: IamState): Handler {
  return (input: UpdateUserRequest, context) => {
    const { users } = state.account(context.accountId);
    const user = findEntity(users, input.UserName, 'user');
    if (input.NewUserName !== undefined && nameKey(input.NewUserName) !== nameKey(user.name)) {
      const name = checkName(input.NewUserName, 'newUserName', 64);
      if (users.has(nameKey(name))) {
        throw alreadyExists(`User with name ${name} already exists.`);
      }
      users.delete(nameKey(user.name));
      users.set(nameKey(name), user);
    }
    user.name = input.NewUserName ?? user.name;
    user.path = input.NewPath === undefined ? user.path : newPath(input.NewPath, context);
    return {};
  };
}

function createGroup(state: IamState): Handler {
  return (input: CreateGroupRequest, context) => {
    const name = checkName(input.GroupName, 'groupName', 128);
    const path = newPath(input.Path, context);
    const { groups } = state.account(context.accountId);
    if (groups.has(nameKey(name))) {
      throw alreadyExists(`Group with name ${name} already exists.`);
    }
    const group: Group = {
      kind: 'group',
      name,
      path,
      id: uniqueId('AGPA'),
      createdAt: context.world.now(),
      attached: new Set(),
      inline: new Map(),
      tags: new Map(),
      accesses: new Map(),
    };
    groups.set(nameKey(name), group);
    return { Group: groupShape(state, context.accountId, group) };
  };
}

function membersOf(account: IamAccount, group: Group): User[] {
  return [...account.users.values()].filter((user) => user.groups.has(nameKey(group.name)));
}

function deleteGroup(state: IamState): Handler {
  return (input: GetGroupRequest, context) => {
    const account = state.account(context.accountId);
    const group = findEntity(account.groups, input.GroupName, 'group');
    if (membersOf(account, group).length > 0) {
      throw deleteConflict('remove users from group');
    }
    if (group.attached.size > 0) {
      throw deleteConflict('detach all policies');
    }
    if (group.inline.size > 0) {
      throw deleteConflict('delete policies');
    }
    account.groups.delete(nameKey(group.name));
    return {};
  };
}

function updateGroup(state: IamState): Handler {
  return (input: UpdateGroupRequest, context) => {
    const account = state.account(context.accountId);
    const group = findEntity(account.groups, input.GroupName, 'group');
    const name = input.NewGroupName === undefined ? group.name : checkName(input.NewGroupName, 'newGroupName', 128);
    if (nameKey(name) !== nameKey(group.name)) {
      if (account.groups.has(nameKey(name))) {
        throw alreadyExists(`Group with name ${name} already exists.`);
      }
      for (const user of membersOf(account, group)) {
        user.groups.delete(nameKey(group.name));
        user.groups.add(nameKey(name));
      }
      account.groups.delete(nameKey(group.name));
      account.groups.set(nameKey(name), group);
    }
    group.name = name;
    group.path = input.NewPath === undefined ? group.path : newPath(input.NewPath, context);
    return {};
  };
}

function groupOperations(state: IamState): Record<string, Handler> {
  const account = (context: CallContext) => state.account(context.accountId);
  const pair = (input: AddUserToGroupRequest, context: CallContext) => ({
    user: findEntity(account(context).users, input.UserName, 'user'),
    group: findEntity(account(context).groups, input.GroupName, 'group'),
  });
  return {
    CreateGroup: createGroup(state),
    DeleteGroup: deleteGroup(state),
    UpdateGroup: updateGroup(state),
    GetGroup: (input: GetGroupRequest, context) => {
      const group = findEntity(account(context).groups, input.GroupName, 'group');
      const users = membersOf(account(context), group).map((user) => userShape(state, context.accountId, user, false));
      return { Group: groupShape(state, context.accountId, group), ...page('Users', users, input) };
    },
    ListGroups: (input: ListUsersRequest, context) => {
      const groups = [...account(context).groups.values()].filter((group) =>
        group.path.startsWith(input.PathPrefix ?? ''),
      );
      return page(
        'Groups',
        groups.map((group) => groupShape(state, context.accountId, group)),
        input,
      );
    },
    AddUserToGroup: (input: AddUserToGroupRequest, context) => {
      const { group, user } = pair(input, context);
      if (user.groups.size >= 10 && !user.groups.has(nameKey(group.name))) {
        throw limitExceeded('GroupsPerUser', 10);
      }
      user.groups.add(nameKey(group.name));
      return {};
    },
    RemoveUserFromGroup: (input: AddUserToGroupRequest, context) => {
      const { group, user } = pair(input, context);
      if (!user.groups.delete(nameKey(group.name))) {
        throw noSuchEntity(`User ${user.name} not in group ${group.name}`);
      }
      return {};
    },
    ListGroupsForUser: (input: ListGroupsForUserRequest, context) => {
      const user = findEntity(account(context).users, input.UserName, 'user');
      const groups = [...user.groups].flatMap((name) => account(context).groups.get(name) ?? []);
      return page(
        'Groups',
        groups.map((group) => groupShape(state, context.accountId, group)),
        input,
      );
    },
  };
}

function getUser(state: IamState): Handler {
  return (input: { UserName?: string }, context) => {
    const { caller, accountId } = context;
    if (caller.kind === 'root' && input.UserName === undefined) {
      const user = { Path: '/', UserId: accountId, Arn: caller.arn, CreateDate: new Date('2015-01-01T00:00:00Z') };
      return { User: { ...user, UserName: undefined } };
    }
    return { User: userShape(state, accountId, callingUser(state.account(accountId), input.UserName, context)) };
  };
}

/** Users, groups and who is in which. */
export function userOperations(state: IamState, policies: Policies): Record<string, Handler> {
  return {
    CreateUser: createUser(state, policies),
    DeleteUser: deleteUser(state),
    UpdateUser: updateUser(state),
    GetUser: getUser(state),
    ListUsers: (input: ListUsersRequest, context) => {
      const users = [...state.account(context.accountId).users.values()].filter((user) =>
        user.path.startsWith(input.PathPrefix ?? ''),
      );
      return page(
        'Users',
        users.map((user) => userShape(state, context.accountId, user, false)),
        input,
      );
    },
    ...groupOperations(state),
  };
}
