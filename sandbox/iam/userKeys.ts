import { createHash } from 'node:crypto';
import type {
  UpdateSigningCertificateRequest,
  UpdateSSHPublicKeyRequest,
  UploadSigningCertificateRequest,
  UploadSSHPublicKeyRequest,
} from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import { uniqueId } from '../core/ids';
import type { CallContext, Handler } from '../core/service';
import { page } from './page';
import { type IamState, noSuchEntity, type User, type UserKey } from './state';
import { callingUser } from './users';
import { limitExceeded } from './validate';

interface Listing {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

/** Adds a key to those of a user, of which there may be `limit`. */
function add(store: Map<string, UserKey>, key: UserKey, quota: { name: string; limit: number }): UserKey {
  if (store.size >= quota.limit) {
    throw limitExceeded(quota.name, quota.limit);
  }
  store.set(key.id, key);
  return key;
}

function signingCertificates(state: IamState): Record<string, Handler> {
  const userOf = (input: { UserName?: string }, context: CallContext) =>
    callingUser(state.account(context.accountId), input.UserName, context);
  const find = (input: UpdateSigningCertificateRequest, user: User) => {
    const found = user.certificates.get(input.CertificateId ?? '');
    if (!found) {
      throw noSuchEntity(`The Certificate with id ${input.CertificateId} cannot be found.`);
    }
    return found;
  };
  const shape = (user: User, each: UserKey) => ({
    UserName: user.name,
    CertificateId: each.id,
    CertificateBody: each.body,
    Status: each.status,
    UploadDate: each.uploadedAt,
  });
  return {
    UploadSigningCertificate: (input: UploadSigningCertificateRequest, context) => {
      const user = userOf(input, context);
      const body = input.CertificateBody ?? '';
      if (!body.includes('-----BEGIN CERTIFICATE-----')) {
        throw new ServiceError('MalformedCertificate', `Certificate ${body} is malformed`, 400);
      }
      const digest = createHash('sha256').update(body + user.id);
      const id = digest.digest('hex').slice(0, 24).toUpperCase();
      const made = { id, uploadedAt: context.world.now(), body, status: 'Active' };
      return { Certificate: shape(user, add(user.certificates, made, { name: 'CertificatesPerUser', limit: 2 })) };
    },
    UpdateSigningCertificate: (input: UpdateSigningCertificateRequest, context) => {
      find(input, userOf(input, context)).status = input.Status ?? 'Active';
      return {};
    },
    DeleteSigningCertificate: (input: UpdateSigningCertificateRequest, context) => {
      const user = userOf(input, context);
      user.certificates.delete(find(input, user).id);
      return {};
    },
    ListSigningCertificates: (input: Listing, context) => {
      const user = userOf(input, context);
      return page(
        'Certificates',
        [...user.certificates.values()].map((each) => shape(user, each)),
        input,
      );
    },
  };
}

function sshKeys(state: IamState): Record<string, Handler> {
  const userOf = (input: { UserName?: string }, context: CallContext) =>
    callingUser(state.account(context.accountId), input.UserName, context);
  const find = (input: UpdateSSHPublicKeyRequest, user: User) => {
    const found = user.sshKeys.get(input.SSHPublicKeyId ?? '');
    if (!found) {
      throw noSuchEntity(`The Public Key with id ${input.SSHPublicKeyId} cannot be found`);
    }
    return found;
  };
  const metadata = (user: User, { id, status, uploadedAt }: UserKey) => ({
    UserName: user.name,
    SSHPublicKeyId: id,
    Status: status,
    UploadDate: uploadedAt,
  });
  const shape = (user: User, each: UserKey) => {
    const digest = createHash('md5').update(each.body).digest('hex');
    return { ...metadata(user, each), Fingerprint: digest.match(/../g)?.join(':'), SSHPublicKeyBody: each.body };
  };
  return {
    UploadSSHPublicKey: (input: UploadSSHPublicKeyRequest, context) => {
      const user = userOf(input, context);
      const id = `APKA${uniqueId('AKIA').slice(4)}`;
      const made = { id, uploadedAt: context.world.now(), body: input.SSHPublicKeyBody ?? '', status: 'Active' };
      return { SSHPublicKey: shape(user, add(user.sshKeys, made, { name: 'SSHPublicKeysPerUser', limit: 5 })) };
    },
    GetSSHPublicKey: (input: UpdateSSHPublicKeyRequest, context) => {
      const user = userOf(input, context);
      return { SSHPublicKey: shape(user, find(input, user)) };
    },
    UpdateSSHPublicKey: (input: UpdateSSHPublicKeyRequest, context) => {
      find(input, userOf(input, context)).status = input.Status ?? 'Active';
      return {};
    },
    DeleteSSHPublicKey: (input: UpdateSSHPublicKeyRequest, context) => {
      const user = userOf(input, context);
      user.sshKeys.delete(find(input, user).id);
      return {};
    },
    ListSSHPublicKeys: (input: Listing, context) => {
      const user = userOf(input, context);
      return page(
        'SSHPublicKeys',
        [...user.sshKeys.values()].map((each) => metadata(user, each)),
        input,
      );
    },
  };
}

/** Signing certificates and SSH keys of users: kept and listed, not read. */
export function userKeyOperations(state: IamState): Record<string, Handler> {
  return { ...signingCertificates(state), ...sshKeys(state) };
}
