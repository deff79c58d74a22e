import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider, Tag } from '../provider';
import { differs, text } from '../values';

function tagsOrNone(tags: Tag[]): Tag[] | undefined {
  return tags.length === 0 ? undefined : tags;
}

/** Brings the tags of an identity's resource in line with the template's. */
async function retag(
  context: ResourceContext,
  kind: 'ServerCertificate' | 'SAMLProvider' | 'MFADevice',
  identifier: Readonly<Record<string, string>>,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  const { set, remove } = context.tagChanges(before.Tags, after.Tags);
  if (remove.length > 0) {
    await context.call('iam', `Untag${kind}`, { ...identifier, TagKeys: remove });
  }
  if (set.length > 0) {
    await context.call('iam', `Tag${kind}`, { ...identifier, Tags: set });
  }
}

/** AWS::IAM::ServerCertificate */
export const serverCertificate: ResourceProvider = {
  async create(context, properties) {
    const ServerCertificateName = text(properties.ServerCertificateName) ?? context.generateName(128);
    const { CertificateBody, CertificateChain, PrivateKey, Path, Tags } = properties;
    const answer = await context.call<{ ServerCertificateMetadata: { Arn: string } }>(
      'iam',
      'UploadServerCertificate',
      {
        ServerCertificateName,
        CertificateBody,
        CertificateChain,
        PrivateKey,
        Path,
        Tags: tagsOrNone(context.tags(Tags)),
      },
    );
    return { physicalId: ServerCertificateName, attributes: { Arn: answer.ServerCertificateMetadata.Arn } };
  },
  async update(context, ServerCertificateName, after, before) {
    if (differs(before, after, ['Path'])) {
      await context.call('iam', 'UpdateServerCertificate', { ServerCertificateName, NewPath: after.Path ?? '/' });
    }
    await retag(context, 'ServerCertificate', { ServerCertificateName }, after, before);
    return undefined;
  },
  delete: (context, ServerCertificateName) =>
    ifThere(() => context.call('iam', 'DeleteServerCertificate', { ServerCertificateName })),
};

/** AWS::IAM::SAMLProvider */
export const samlProvider: ResourceProvider = {
  async create(context, { Name, SamlMetadataDocument, Tags }) {
    const { SAMLProviderArn } = await context.call<{ SAMLProviderArn: string }>('iam', 'CreateSAMLProvider', {
      Name: text(Name) ?? context.generateName(128),
      SAMLMetadataDocument: SamlMetadataDocument,
      Tags: tagsOrNone(context.tags(Tags)),
    });
    return { physicalId: SAMLProviderArn, attributes: { Arn: SAMLProviderArn } };
  },
  async update(context, SAMLProviderArn, after, before) {
    if (differs(before, after, ['SamlMetadataDocument'])) {
      const SAMLMetadataDocument = after.SamlMetadataDocument;
      await context.call('iam', 'UpdateSAMLProvider', { SAMLProviderArn, SAMLMetadataDocument });
    }
    await retag(context, 'SAMLProvider', { SAMLProviderArn }, after, before);
    return undefined;
  },
  delete: (context, SAMLProviderArn) => ifThere(() => context.call('iam', 'DeleteSAMLProvider', { SAMLProviderArn })),
};

/** AWS::IAM::VirtualMFADevice: made, not yet in the hands of its users, who alone know its codes. */
export const virtualMfaDevice: ResourceProvider = {
  async create(context, { VirtualMfaDeviceName, Path, Tags }) {
    const { VirtualMFADevice } = await context.call<{ VirtualMFADevice: { SerialNumber: string } }>(
      'iam',
      'CreateVirtualMFADevice',
      {
        VirtualMFADeviceName: text(VirtualMfaDeviceName) ?? context.generateName(226),
        Path,
        Tags: tagsOrNone(context.tags(Tags)),
      },
    );
    const { SerialNumber } = VirtualMFADevice;
    return { physicalId: SerialNumber, attributes: { SerialNumber } };
  },
  async update(context, SerialNumber, after, before) {
    await retag(context, 'MFADevice', { SerialNumber }, after, before);
    return undefined;
  },
  delete: (context, SerialNumber) => ifThere(() => context.call('iam', 'DeleteVirtualMFADevice', { SerialNumber })),
};
