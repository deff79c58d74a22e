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
import { base32 } from '../common/base32';
import { tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { accessKeyId, secretKey } from '../core/ids';
import type { CallContext, Caller, Handler } from '../core/service';
import type { World } from '../core/world';
import { page } from './page';
import { userShape } from './shapes';
import {
  type AccessKeyRecord,
  findEntity,
  type IamAccount,
  type IamState,
  type KeyOwner,
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
function keyOwner(account: IamAccount, name: string | undefined, context: CallContext): User | KeyOwner {
  return name === undefined && context.caller.kind === 'root' ? account.root : callingUser(account, name, context);
}

function findKey(user: KeyOwner, id: string | undefined): AccessKeyRecord {
  const key = user.accessKeys.get(id ?? '');
  if (!key) {
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  }
  return key;
}

function keyOperations(state: IamState, world: World): Record<string, Handler> {
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
      const user = keyOwner(state.account(context.accountId), input.UserName, context);
      const key = findKey(user, input.AccessKeyId);
      user.accessKeys.delete(key.id);
      world.keys.remove(key.id);
      return {};
    },
    UpdateAccessKey: (input: UpdateAccessKeyRequest, context) => {
      const user = keyOwner(state.account(context.accountId), input.UserName, context);
      const { Status } = input;
      if (Status !== 'Active' && Status !== 'Inactive') {
        throw validation(
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

/** Two codes in a row from the device: six digits each, never the same twice. */
function checkCodes({ AuthenticationCode1: one = '', AuthenticationCode2: other = '' }: EnableMFADeviceRequest): void {
  for (const [name, code] of Object.entries({ authenticationCode1: one, authenticationCode2: other })) {
    if (!/^\d{6}$/.test(code)) {
      throw validation(
        `Value '${code}' at '${name}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]+`,
      );
    }
  }
  if (one === other) {
    throw new ServiceError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403);
  }
}

function validation(what: string): ServiceError {
  return new ServiceError('ValidationError', `1 validation error detected: ${what}`, 400);
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
      const seed = Buffer.from(base32(randomBytes(40)));
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
      checkCodes(input);
      if (user.mfaDevices.size >= 8) {
        throw limitExceeded('MFADevicesPerUser', 8);
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
