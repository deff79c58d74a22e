import type {
  AddRoleToInstanceProfileRequest,
  CreateInstanceProfileRequest,
  ListInstanceProfilesRequest,
} from '@aws-sdk/client-iam';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { uniqueId } from '../core/ids';
import type { Handler } from '../core/service';
import { page } from './page';
import { profileShape } from './shapes';
import { findEntity, type IamAccount, type IamState, type InstanceProfile, nameKey, noSuchEntity } from './state';
import { newPath } from './strangers';
import { alreadyExists, checkName, checkTags, deleteConflict, limitExceeded } from './validate';

function findProfile(account: IamAccount, name: string | undefined): InstanceProfile {
  const profile = account.instanceProfiles.get(nameKey(name ?? ''));
  if (!profile) {
    throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  }
  return profile;
}

function create(state: IamState): Handler {
  return (input: CreateInstanceProfileRequest, context) => {
    const { instanceProfiles } = state.account(context.accountId);
    const name = checkName(input.InstanceProfileName, 'instanceProfileName', 128);
    checkTags(input.Tags);
    if (instanceProfiles.has(nameKey(name))) {
      throw alreadyExists(`Instance Profile ${name} already exists.`);
    }
    const profile: InstanceProfile = {
      name,
      path: newPath(input.Path, context),
      id: uniqueId('AIPA'),
      createdAt: context.world.now(),
      tags: tagsFrom(input.Tags),
    };
    instanceProfiles.set(nameKey(name), profile);
    return { InstanceProfile: profileShape(state, context.accountId, profile) };
  };
}

/** Instance profiles. */
export function profileOperations(state: IamState): Record<string, Handler> {
  return {
    CreateInstanceProfile: create(state),
    DeleteInstanceProfile: (input: AddRoleToInstanceProfileRequest, context) => {
      const account = state.account(context.accountId);
      const profile = findProfile(account, input.InstanceProfileName);
      if (profile.role !== undefined) {
        throw deleteConflict('remove roles from instance profile');
      }
      account.instanceProfiles.delete(nameKey(profile.name));
      return {};
    },
    GetInstanceProfile: (input: AddRoleToInstanceProfileRequest, context) => {
      const profile = findProfile(state.account(context.accountId), input.InstanceProfileName);
      return { InstanceProfile: profileShape(state, context.accountId, profile) };
    },
    ListInstanceProfiles: (input: ListInstanceProfilesRequest, context) => {
      const profiles = [...state.account(context.accountId).instanceProfiles.values()]
        .filter((profile) => profile.path.startsWith(input.PathPrefix ?? ''))
        .map((profile) => ({ ...profileShape(state, context.accountId, profile), Tags: undefined }));
      return page('InstanceProfiles', profiles, input);
    },
    ListInstanceProfilesForRole: (input: { RoleName?: string; Marker?: string; MaxItems?: number }, context) => {
      const account = state.account(context.accountId);
      const role = findEntity(account.roles, input.RoleName, 'role');
      const profiles = [...account.instanceProfiles.values()].filter((profile) => profile.role === nameKey(role.name));
      return page(
        'InstanceProfiles',
        profiles.map((each) => profileShape(state, context.accountId, each)),
        input,
      );
    },
    AddRoleToInstanceProfile: (input: AddRoleToInstanceProfileRequest, context) => {
      const account = state.account(context.accountId);
      const profile = findProfile(account, input.InstanceProfileName);
      const role = findEntity(account.roles, input.RoleName, 'role');
      if (role.linkedTo !== undefined) {
        const message = `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`;
        throw new ServiceError('UnmodifiableEntity', message, 400);
      }
      if (profile.role !== undefined) {
        throw limitExceeded('InstanceSessionsPerInstanceProfile', 1);
      }
      profile.role = nameKey(role.name);
      return {};
    },
    RemoveRoleFromInstanceProfile: (input: AddRoleToInstanceProfileRequest, context) => {
      const account = state.account(context.accountId);
      const profile = findProfile(account, input.InstanceProfileName);
      const role = findEntity(account.roles, input.RoleName, 'role');
      if (profile.role !== nameKey(role.name)) {
        throw noSuchEntity(`Role ${role.name} is not in instance profile ${profile.name}.`);
      }
      profile.role = undefined;
      return {};
    },
  };
}
