import type { UpdateServerCertificateRequest, UploadServerCertificateRequest } from '@aws-sdk/client-iam';
import { type Tags, tagList, tagsFrom } from '../common/tags';
import { uniqueId } from '../core/ids';
import type { CallContext, Handler } from '../core/service';
import { page } from './page';
import { type IamState, nameKey, noSuchEntity } from './state';
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

/** Server certificates: kept and listed, not read. */
export function serverCertificateOperations(state: IamState): Record<string, Handler> {
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
        body: (input.CertificateBody ?? '').trimEnd(),
        chain: input.CertificateChain?.trimEnd(),
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
      const found = [...stores.of(context).values()].filter((each) => each.path.startsWith(input.PathPrefix ?? ''));
      return page(
        'ServerCertificateMetadataList',
        found.map((each) => metadata(each, context)),
        input,
      );
    },
  };
}
