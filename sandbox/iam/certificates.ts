import { createHash } from 'node:crypto';
import type {
  UpdateServerCertificateRequest,
  UpdateSigningCertificateRequest,
  UpdateSSHPublicKeyRequest,
  UploadServerCertificateRequest,
  UploadSigningCertificateRequest,
  UploadSSHPublicKeyRequest,
} from '@aws-sdk/client-iam';
import { type Tags, tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { uniqueId } from '../core/ids';
import type { CallContext, Handler } from '../core/service';
import { page } from './page';
import { type IamState, nameKey, noSuchEntity } from './state';
import { callingUser } from './users';
import { alreadyExists, checkName, checkPath, limitExceeded } from './validate';

interface ServerCertificate {
  name: string;
  path: string;
  readonly id: string;
  readonly uploadedAt: Date;
  readonly body: string;
  readonly chain?: string;
  readonly tags: Tags;
}

/** A signing certificate or an SSH key of one user. */
interface UserCredential {
  readonly id: string;
  readonly user: string;
  readonly uploadedAt: Date;
  readonly body: string;
  status: string;
}

interface Listing {
  PathPrefix?: string;
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

/** State of one kind of thing, per account. */
class PerAccount<T> {
  private readonly all = new Map<string, Map<string, T>>();

  of(context: CallContext): Map<string, T> {
    const found = this.all.get(context.accountId) ?? new Map<string, T>();
    this.all.set(context.accountId, found);
    return found;
  }
}

const hundredDays = 100 * 86_400_000;

function serverCertificates(state: IamState): Record<string, Handler> {
  const stores = new PerAccount<ServerCertificate>();
  const find = (name: string | undefined, context: CallContext) => {
    const found = stores.of(context).get(nameKey(name ?? ''));
    if (!found) {
      throw noSuchEntity(`The Server Certificate with name ${name} cannot be found.`);
    }
    return found;
  };
  const metadata = (certificate: ServerCertificate, context: CallContext) => ({
    Path: certificate.path,
    ServerCertificateName: certificate.name,
    ServerCertificateId: certificate.id,
    Arn: state.arn(context.accountId, 'server-certificate', certificate.path, certificate.name),
    UploadDate: certificate.uploadedAt,
    Expiration: new Date(certificate.uploadedAt.getTime() + hundredDays),
  });
  const rename = (certificate: ServerCertificate, newName: string, context: CallContext) => {
    const name = checkName(newName, 'newServerCertificateName', 128);
    if (nameKey(name) !== nameKey(certificate.name) && stores.of(context).has(nameKey(name))) {
      throw alreadyExists(`The Server Certificate with name ${name} already exists.`);
    }
    stores.of(context).delete(nameKey(certificate.name));
    certificate.name = name;
    stores.of(context).set(nameKey(name), certificate);
  };
  return {
    UploadServerCertificate: (input: UploadServerCertificateRequest, context) => {
      const name = checkName(input.ServerCertificateName, 'serverCertificateName', 128);
      if (stores.of(context).has(nameKey(name))) {
        throw alreadyExists(`The Server Certificate with name ${name} already exists.`);
      }
      if (stores.of(context).size >= 20) {
        throw limitExceeded('ServerCertificatesPerAccount', 20);
      }
      const certificate: ServerCertificate = {
        name,
        path: checkPath(input.Path),
        id: uniqueId('ASCA'),
        uploadedAt: context.world.now(),
        body: input.CertificateBody ?? '',
        chain: input.CertificateChain,
        tags: tagsFrom(input.Tags),
      };
      stores.of(context).set(nameKey(name), certificate);
      return { ServerCertificateMetadata: metadata(certificate, context), Tags: input.Tags };
    },
    GetServerCertificate: (input: UploadServerCertificateRequest, context) => {
      const found = find(input.ServerCertificateName, context);
      const { body, chain, tags } = found;
      const ServerCertificateMetadata = metadata(found, context);
      return {
        ServerCertificate: {
          ServerCertificateMetadata,
          CertificateBody: body,
          CertificateChain: chain,
          Tags: tags.size > 0 ? tagList(tags) : undefined,
        },
      };
    },
    UpdateServerCertificate: (input: UpdateServerCertificateRequest, context) => {
      const found = find(input.ServerCertificateName, context);
      found.path = input.NewPath === undefined ? found.path : checkPath(input.NewPath);
      if (input.NewServerCertificateName !== undefined) {
        rename(found, input.NewServerCertificateName, context);
      }
      return {};
    },
    DeleteServerCertificate: (input: UploadServerCertificateRequest, context) => {
      stores.of(context).delete(nameKey(find(input.ServerCertificateName, context).name));
      return {};
    },
    ListServerCertificates: (input: Listing, context) => {
      const found = [...stores.of(context).values()].filter((each) => each.path.startsWith(input.PathPrefix ?? '/'));
      return page(
        'ServerCertificateMetadataList',
        found.map((each) => metadata(each, context)),
        input,
      );
    },
  };
}

/** Adds a credential to a user who has fewer than `limit`. */
function addCredential(
  store: Map<string, UserCredential>,
  credential: UserCredential,
  quota: { name: string; limit: number },
): UserCredential {
  const own = [...store.values()].filter((each) => each.user === credential.user);
  if (own.length >= quota.limit) {
    throw limitExceeded(quota.name, quota.limit);
  }
  store.set(credential.id, credential);
  return credential;
}

function signingCertificates(state: IamState): Record<string, Handler> {
  const stores = new PerAccount<UserCredential>();
  const find = (input: UpdateSigningCertificateRequest, context: CallContext) => {
    const user = callingUser(state.account(context.accountId), input.UserName, context);
    const found = stores.of(context).get(input.CertificateId ?? '');
    if (found?.user !== user.name) {
      throw noSuchEntity(`The Certificate with id ${input.CertificateId} cannot be found.`);
    }
    return found;
  };
  const shape = (each: UserCredential) => ({
    UserName: each.user,
    CertificateId: each.id,
    CertificateBody: each.body,
    Status: each.status,
    UploadDate: each.uploadedAt,
  });
  return {
    UploadSigningCertificate: (input: UploadSigningCertificateRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      const body = input.CertificateBody ?? '';
      if (!body.includes('-----BEGIN CERTIFICATE-----')) {
        throw new ServiceError('MalformedCertificate', `Certificate ${body} is malformed`, 400);
      }
      const id = createHash('sha256')
        .update(body + user.id)
        .digest('hex')
        .slice(0, 24)
        .toUpperCase();
      const credential = { id, user: user.name, uploadedAt: context.world.now(), body, status: 'Active' };
      const quota = { name: 'CertificatesPerUser', limit: 2 };
      return { Certificate: shape(addCredential(stores.of(context), credential, quota)) };
    },
    UpdateSigningCertificate: (input: UpdateSigningCertificateRequest, context) => {
      find(input, context).status = input.Status ?? 'Active';
      return {};
    },
    DeleteSigningCertificate: (input: UpdateSigningCertificateRequest, context) => {
      stores.of(context).delete(find(input, context).id);
      return {};
    },
    ListSigningCertificates: (input: Listing, context) => {
      const { name } = callingUser(state.account(context.accountId), input.UserName, context);
      const own = [...stores.of(context).values()].filter((each) => each.user === name);
      return page('Certificates', own.map(shape), input);
    },
  };
}

function sshKeys(state: IamState): Record<string, Handler> {
  const stores = new PerAccount<UserCredential>();
  const find = (input: UpdateSSHPublicKeyRequest, context: CallContext) => {
    const found = stores.of(context).get(input.SSHPublicKeyId ?? '');
    if (!found || found.user !== input.UserName) {
      throw noSuchEntity(`The Public Key with id ${input.SSHPublicKeyId} cannot be found`);
    }
    return found;
  };
  const metadata = ({ user, id, status, uploadedAt }: UserCredential) => ({
    UserName: user,
    SSHPublicKeyId: id,
    Status: status,
    UploadDate: uploadedAt,
  });
  const shape = (each: UserCredential) => {
    const digest = createHash('md5').update(each.body).digest('hex');
    return { ...metadata(each), Fingerprint: digest.match(/../g)?.join(':'), SSHPublicKeyBody: each.body };
  };
  return {
    UploadSSHPublicKey: (input: UploadSSHPublicKeyRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      const id = `APKA${uniqueId('AKIA').slice(4)}`;
      const body = input.SSHPublicKeyBody ?? '';
      const credential = { id, user: user.name, uploadedAt: context.world.now(), body, status: 'Active' };
      return {
        SSHPublicKey: shape(addCredential(stores.of(context), credential, { name: 'SSHPublicKeysPerUser', limit: 5 })),
      };
    },
    GetSSHPublicKey: (input: UpdateSSHPublicKeyRequest, context) => ({ SSHPublicKey: shape(find(input, context)) }),
    UpdateSSHPublicKey: (input: UpdateSSHPublicKeyRequest, context) => {
      find(input, context).status = input.Status ?? 'Active';
      return {};
    },
    DeleteSSHPublicKey: (input: UpdateSSHPublicKeyRequest, context) => {
      stores.of(context).delete(find(input, context).id);
      return {};
    },
    ListSSHPublicKeys: (input: Listing, context) => {
      const { name } = callingUser(state.account(context.accountId), input.UserName, context);
      const own = [...stores.of(context).values()].filter((each) => each.user === name);
      return page('SSHPublicKeys', own.map(metadata), input);
    },
  };
}

/** Server and signing certificates and SSH keys: kept and listed, not read. */
export function certificateOperations(state: IamState): Record<string, Handler> {
  return { ...serverCertificates(state), ...signingCertificates(state), ...sshKeys(state) };
}
