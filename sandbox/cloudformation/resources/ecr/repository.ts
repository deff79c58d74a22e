import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { camel, differs, document, map, orUndo, tagsOrNone, text } from '../values';

async function settings(
  context: ResourceContext,
  repositoryName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  if (differs(before, after, ['LifecyclePolicy'])) {
    const lifecyclePolicyText = text(map(after.LifecyclePolicy).LifecyclePolicyText);
    await (lifecyclePolicyText === undefined
      ? context.call('ecr', 'DeleteLifecyclePolicy', { repositoryName })
      : context.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText }));
  }
  if (differs(before, after, ['RepositoryPolicyText'])) {
    const policyText = document(after.RepositoryPolicyText);
    await (policyText === undefined
      ? context.call('ecr', 'DeleteRepositoryPolicy', { repositoryName })
      : context.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText }));
  }
}

/** AWS::ECR::Repository */
export const repository: ResourceProvider = {
  async create(context, properties) {
    const repositoryName = text(properties.RepositoryName) ?? context.generateName(256).toLowerCase();
    const answer = await context.call<{ repository: { repositoryArn: string; repositoryUri: string } }>(
      'ecr',
      'CreateRepository',
      {
        repositoryName,
        imageTagMutability: properties.ImageTagMutability,
        imageScanningConfiguration: camel(properties.ImageScanningConfiguration ?? null) ?? undefined,
        encryptionConfiguration: camel(properties.EncryptionConfiguration ?? null) ?? undefined,
        tags: tagsOrNone(context.tags(properties.Tags)),
      },
    );
    await orUndo(
      () => settings(context, repositoryName, properties, {}),
      () => context.call('ecr', 'DeleteRepository', { repositoryName }),
    );
    const { repositoryArn: Arn, repositoryUri: RepositoryUri } = answer.repository;
    return { physicalId: repositoryName, attributes: { Arn, RepositoryUri } };
  },
  async update(context, repositoryName, after, before) {
    await settings(context, repositoryName, after, before);
    if (differs(before, after, ['ImageTagMutability'])) {
      const imageTagMutability = after.ImageTagMutability ?? 'MUTABLE';
      await context.call('ecr', 'PutImageTagMutability', { repositoryName, imageTagMutability });
    }
    if (differs(before, after, ['ImageScanningConfiguration'])) {
      const imageScanningConfiguration = camel(after.ImageScanningConfiguration ?? { ScanOnPush: false });
      await context.call('ecr', 'PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration });
    }
    return undefined;
  },
  delete: (context, repositoryName, { EmptyOnDelete = false }) =>
    ifThere(() => context.call('ecr', 'DeleteRepository', { repositoryName, force: EmptyOnDelete })),
};
