import { randomBytes } from 'node:crypto';
import type { CreateVirtualMFADeviceRequest, EnableMFADeviceRequest, ListAccessKeysRequest } from '@aws-sdk/client-iam';
import { base32 } from '../common/base32';
import { tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import { page } from './page';
import { userShape } from './shapes';
import { findEntity, type IamState, type MfaDevice, nameKey, noSuchEntity } from './state';
import { callingUser } from './users';
import { alreadyExists, checkName, checkPath, limitExceeded, violation } from './validate';

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
      throw violation(
        `Value '${code}' at '${name}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]+`,
      );
    }
  }
  if (one === other) {
    throw new ServiceError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403);
  }
}

/** Virtual MFA devices. */
export function mfaOperations(state: IamState): Record<string, Handler> {
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
