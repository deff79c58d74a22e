import { randomBytes } from 'node:crypto';
import type {
  ChangePasswordRequest,
  CreateLoginProfileRequest,
  CreateVirtualMFADeviceRequest,
  EnableMFADeviceRequest,
  GetAccessKeyLastUsedRequest,
  ListAccessKeysRequest,
  UpdateAccessKeyRequest,
} from '@aws-sdk/client-iam';
import { tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { accessKeyId, secretKey } from '../core/ids';
import type { Caller, Handler } from '../core/service';
import type { World } from '../core/world';
import { page } from './page';
import { userShape } from './shapes';
import {
  type AccessKeyRecord,
  findEntity,
  type IamState,
  type MfaDevice,
  nameKey,
  noSuchEntity,
  type User,
} from './state';
import { callingUser } from './users';
import { alreadyExists, checkName, checkPath, limitExceeded } from './validate';

/** Gives a user a key and tells the world about it. */
export function addAccessKey(
  state: IamState,
  world: World,
  accountId: string,
  user: User,
  key: { id: string; secret: string },
): AccessKeyRecord {
  const record: AccessKeyRecord = { ...key, createdAt: world.now(), status: 'Active' };
  user.accessKeys.set(key.id, record);
  const caller = (): Caller | undefined => {
    const stands = state.account(accountId).users.get(nameKey(user.name)) === user;
    if (!stands || record.status !== 'Active') {
      return undefined;
    }
    return { kind: 'user', accountId, arn: state.entityArn(accountId, user), userId: user.id, accessKeyId: key.id };
  };
  world.keys.add({ accessKeyId: key.id, secretAccessKey: key.secret, accountId, caller });
  return record;
}

function findKey(user: User, id: string | undefined): AccessKeyRecord {
  const key = user.accessKeys.get(id ?? '');
  if (!key) {
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  }
  return key;
}

function keyOperations(state: IamState, world: World): Record<string, Handler> {
  return {
    CreateAccessKey: (input: { UserName?: string }, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      if (user.accessKeys.size >= 2) {
        throw limitExceeded('AccessKeysPerUser', 2);
      }
      const made = { id: accessKeyId('AKIA', context.accountId), secret: secretKey() };
      const key = addAccessKey(state, world, context.accountId, user, made);
      const shown = { UserName: user.name, AccessKeyId: key.id, Status: key.status, CreateDate: key.createdAt };
      return { AccessKey: { ...shown, SecretAccessKey: key.secret } };
    },
    DeleteAccessKey: (input: UpdateAccessKeyRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      const key = findKey(user, input.AccessKeyId);
      user.accessKeys.delete(key.id);
      world.keys.remove(key.id);
      return {};
    },
    UpdateAccessKey: (input: UpdateAccessKeyRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      findKey(user, input.AccessKeyId).status = input.Status === 'Active' ? 'Active' : 'Inactive';
      return {};
    },
    ListAccessKeys: (input: ListAccessKeysRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      const keys = [...user.accessKeys.values()].map((key) => ({
        UserName: user.name,
        AccessKeyId: key.id,
        Status: key.status,
        CreateDate: key.createdAt,
      }));
      return page('AccessKeyMetadata', keys, input);
    },
    GetAccessKeyLastUsed: (input: GetAccessKeyLastUsedRequest, context) => {
      const users = [...state.account(context.accountId).users.values()];
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

function checkPassword(state: IamState, accountId: string, password: string | undefined): void {
  const least = Number(state.account(accountId).passwordPolicy?.MinimumPasswordLength ?? 8);
  if ((password ?? '').length < least) {
    const message = `Password should have a minimum length of ${least}`;
    throw new ServiceError('PasswordPolicyViolation', message, 400);
  }
}

function loginOperations(state: IamState): Record<string, Handler> {
  const profileOf = (user: User) => {
    if (!user.loginProfile) {
      throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
    }
    return {
      UserName: user.name,
      CreateDate: user.loginProfile.createdAt,
      PasswordResetRequired: user.loginProfile.resetRequired,
    };
  };
  return {
    CreateLoginProfile: (input: CreateLoginProfileRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      if (user.loginProfile) {
        throw alreadyExists(`Login Profile for user ${user.name} already exists.`);
      }
      checkPassword(state, context.accountId, input.Password);
      user.loginProfile = { createdAt: context.world.now(), resetRequired: input.PasswordResetRequired ?? false };
      return { LoginProfile: profileOf(user) };
    },
    GetLoginProfile: (input: CreateLoginProfileRequest, context) => ({
      LoginProfile: profileOf(callingUser(state.account(context.accountId), input.UserName, context)),
    }),
    UpdateLoginProfile: (input: CreateLoginProfileRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      profileOf(user);
      if (input.Password !== undefined) {
        checkPassword(state, context.accountId, input.Password);
      }
      if (user.loginProfile) {
        user.loginProfile.resetRequired = input.PasswordResetRequired ?? user.loginProfile.resetRequired;
      }
      return {};
    },
    DeleteLoginProfile: (input: CreateLoginProfileRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      profileOf(user);
      user.loginProfile = undefined;
      return {};
    },
    ChangePassword: (input: ChangePasswordRequest, context) => {
      const user = callingUser(state.account(context.accountId), undefined, context);
      profileOf(user);
      checkPassword(state, context.accountId, input.NewPassword);
      return {};
    },
  };
}

function findDevice(state: IamState, accountId: string, serial: string | undefined): MfaDevice {
  const device = state.account(accountId).mfaDevices.get(serial ?? '');
  if (!device) {
    throw noSuchEntity(`VirtualMFADevice with serial number ${serial} doesn't exist.`);
  }
  return device;
}

function mfaOperations(state: IamState): Record<string, Handler> {
  return {
    CreateVirtualMFADevice: (input: CreateVirtualMFADeviceRequest, context) => {
      const path = checkPath(input.Path);
      const name = checkName(input.VirtualMFADeviceName, 'virtualMFADeviceName', 226);
      const serialNumber = state.arn(context.accountId, 'mfa', path, name);
      const { mfaDevices } = state.account(context.accountId);
      if (mfaDevices.has(serialNumber)) {
        throw alreadyExists(`MFADevice entity at the same path and name already exists.`);
      }
      mfaDevices.set(serialNumber, { serialNumber, createdAt: context.world.now(), tags: tagsFrom(input.Tags) });
      const seed = randomBytes(40);
      return { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: seed, QRCodePNG: seed } };
    },
    DeleteVirtualMFADevice: (input: EnableMFADeviceRequest, context) => {
      const device = findDevice(state, context.accountId, input.SerialNumber);
      if (device.user !== undefined) {
        throw new ServiceError('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.', 409);
      }
      state.account(context.accountId).mfaDevices.delete(device.serialNumber);
      return {};
    },
    EnableMFADevice: (input: EnableMFADeviceRequest, context) => {
      const user = findEntity(state.account(context.accountId).users, input.UserName, 'user');
      const device = findDevice(state, context.accountId, input.SerialNumber);
      if (device.user !== undefined) {
        throw alreadyExists('MFA Device is already in use.');
      }
      const now = context.world.now();
      device.user = nameKey(user.name);
      device.enabledAt = now;
      user.mfaDevices.set(device.serialNumber, now);
      return {};
    },
    DeactivateMFADevice: (input: EnableMFADeviceRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      if (!user.mfaDevices.delete(input.SerialNumber ?? '')) {
        throw noSuchEntity(`MFA Device invalid for user.`);
      }
      const device = findDevice(state, context.accountId, input.SerialNumber);
      device.user = undefined;
      device.enabledAt = undefined;
      return {};
    },
    ListMFADevices: (input: ListAccessKeysRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      const devices = [...user.mfaDevices].map(([SerialNumber, EnableDate]) => ({
        UserName: user.name,
        SerialNumber,
        EnableDate,
      }));
      return page('MFADevices', devices, input);
    },
    ListVirtualMFADevices: (input: ListAccessKeysRequest & { AssignmentStatus?: string }, context) => {
      const account = state.account(context.accountId);
      const devices = [...account.mfaDevices.values()]
        .filter(({ user }) =>
          input.AssignmentStatus === 'Assigned' ? user : input.AssignmentStatus === 'Unassigned' ? !user : true,
        )
        .map((device) => {
          const user = device.user === undefined ? undefined : account.users.get(device.user);
          return {
            SerialNumber: device.serialNumber,
            EnableDate: device.enabledAt,
            User: user && userShape(state, context.accountId, user, false),
            Tags: tagList(device.tags),
          };
        });
      return page('VirtualMFADevices', devices, input);
    },
  };
}

/** Credentials of which there are none here: no operation uploads or makes them. */
function emptyLists(state: IamState): Record<string, Handler> {
  const none =
    (list: string): Handler =>
    (input: { UserName?: string }, context) => {
      callingUser(state.account(context.accountId), input.UserName, context);
      return { [list]: [], IsTruncated: false };
    };
  return {
    ListServiceSpecificCredentials: none('ServiceSpecificCredentials'),
  };
}

/** Access keys, passwords and MFA devices. */
export function credentialOperations(state: IamState, world: World): Record<string, Handler> {
  return {
    ...emptyLists(state),
    ...keyOperations(state, world),
    ...loginOperations(state),
    ...mfaOperations(state),
  };
}
