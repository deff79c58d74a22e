import { randomBytes } from 'node:crypto';
import type { CreateRepositoryRequest, DescribeRepositoriesRequest } from '@aws-sdk/client-ecr';
import * as schemas from '@aws-sdk/client-ecr';
import { type Site, Store } from '../common/store';
import {
  removeTags,
  requestTagConditions,
  resourceTagConditions,
  setTags,
  type Tag,
  type Tags,
  tagList,
  tagsFrom,
} from '../common/tags';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { AuthorizationRequest, CallContext, Handler, ServiceFactory } from '../core/service';
import type { World } from '../core/world';

interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly registryId: string;
  readonly createdAt: Date;
  readonly tags: Tags;
  readonly encryption: CreateRepositoryRequest['encryptionConfiguration'];
  tagMutability: string;
  scanOnPush: boolean;
  policy?: string;
  lifecycle?: string;
}

interface Named {
  repositoryName?: string;
  resourceArn?: string;
  registryId?: string;
}

class Repositories {
  readonly regions = new Store<Map<string, Repository>>(() => new Map());

  constructor(readonly world: World) {}

  arn(name: string, site: Site): string {
    return `arn:${this.world.partition}:ecr:${site.region}:${site.accountId}:repository/${name}`;
  }

  find(input: Named, site: Site): Repository | undefined {
    const name = input.repositoryName ?? input.resourceArn?.split(':repository/')[1] ?? '';
    return this.regions.at({ accountId: input.registryId ?? site.accountId, region: site.region }).get(name);
  }

  /** @throws ServiceError `RepositoryNotFoundException` */
  at(input: Named, site: Site): Repository {
    const repository = this.find(input, site);
    if (!repository) {
      throw new ServiceError(
        'RepositoryNotFoundException',
        `The repository with name '${input.repositoryName}' does not exist in the registry with id '${input.registryId ?? site.accountId}'`,
        400,
      );
    }
    return repository;
  }
}

function described(repository: Repository) {
  return {
    repositoryArn: repository.arn,
    registryId: repository.registryId,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: repository.createdAt,
    imageTagMutability: repository.tagMutability,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption ?? { encryptionType: 'AES256' },
  };
}

function createRepository(repositories: Repositories): Handler {
  return (input: CreateRepositoryRequest, context) => {
    const name = input.repositoryName ?? '';
    if (!/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-]{1,2}[a-z0-9]+)*$/.test(name)) {
      throw new ServiceError(
        'InvalidParameterException',
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression'`,
        400,
      );
    }
    const region = repositories.regions.at(context);
    if (region.has(name)) {
      throw new ServiceError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${context.accountId}'`,
        400,
      );
    }
    const repository: Repository = {
      name,
      arn: repositories.arn(name, context),
      uri: `${context.accountId}.dkr.ecr.${context.region}.amazonaws.com/${name}`,
      registryId: context.accountId,
      createdAt: context.world.now(),
      tags: tagsFrom(input.tags),
      encryption: input.encryptionConfiguration,
      tagMutability: input.imageTagMutability ?? 'MUTABLE',
      scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    };
    region.set(name, repository);
    return { repository: described(repository) };
  };
}

function documents(repositories: Repositories): Record<string, Handler> {
  const answer = (repository: Repository) => ({ registryId: repository.registryId, repositoryName: repository.name });
  return {
    SetRepositoryPolicy: (input: Named & { policyText: string }, context) => {
      const repository = repositories.at(input, context);
      repository.policy = input.policyText;
      return { ...answer(repository), policyText: repository.policy };
    },
    GetRepositoryPolicy: (input: Named, context) => {
      const repository = repositories.at(input, context);
      if (!repository.policy) {
        throw new ServiceError(
          'RepositoryPolicyNotFoundException',
          `Repository policy does not exist for the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
          400,
        );
      }
      return { ...answer(repository), policyText: repository.policy };
    },
    DeleteRepositoryPolicy: (input: Named, context) => {
      const repository = repositories.at(input, context);
      const policyText = repository.policy;
      repository.policy = undefined;
      return { ...answer(repository), policyText };
    },
    PutLifecyclePolicy: (input: Named & { lifecyclePolicyText: string }, context) => {
      const repository = repositories.at(input, context);
      repository.lifecycle = input.lifecyclePolicyText;
      return { ...answer(repository), lifecyclePolicyText: repository.lifecycle };
    },
    GetLifecyclePolicy: (input: Named, context) => {
      const repository = repositories.at(input, context);
      if (!repository.lifecycle) {
        throw new ServiceError(
          'LifecyclePolicyNotFoundException',
          `Lifecycle policy does not exist for the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
          400,
        );
      }
      return { ...answer(repository), lifecyclePolicyText: repository.lifecycle };
    },
    DeleteLifecyclePolicy: (input: Named, context) => {
      const repository = repositories.at(input, context);
      repository.lifecycle = undefined;
      return answer(repository);
    },
  };
}

function settings(repositories: Repositories): Record<string, Handler> {
  return {
    PutImageTagMutability: (input: Named & { imageTagMutability: string }, context) => {
      const repository = repositories.at(input, context);
      repository.tagMutability = input.imageTagMutability;
      return {
        registryId: repository.registryId,
        repositoryName: repository.name,
        imageTagMutability: repository.tagMutability,
      };
    },
    PutImageScanningConfiguration: (
      input: Named & { imageScanningConfiguration?: { scanOnPush?: boolean } },
      context,
    ) => {
      const repository = repositories.at(input, context);
      repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
      const imageScanningConfiguration = { scanOnPush: repository.scanOnPush };
      return { registryId: repository.registryId, repositoryName: repository.name, imageScanningConfiguration };
    },
    TagResource: (input: Named & { tags: Tag[] }, context) => {
      setTags(repositories.at(input, context).tags, input.tags);
      return {};
    },
    UntagResource: (input: Named & { tagKeys: string[] }, context) => {
      removeTags(repositories.at(input, context).tags, input.tagKeys);
      return {};
    },
    ListTagsForResource: (input: Named, context) => ({ tags: tagList(repositories.at(input, context).tags) }),
  };
}

function operations(repositories: Repositories): Record<string, Handler> {
  return {
    CreateRepository: createRepository(repositories),
    DescribeRepositories: (input: DescribeRepositoriesRequest, context) => {
      const all = input.repositoryNames
        ? input.repositoryNames.map((repositoryName) =>
            repositories.at({ repositoryName, registryId: input.registryId }, context),
          )
        : [...repositories.regions.at(context).values()];
      const page = paginate(all, {
        token: input.nextToken,
        size: input.maxResults,
        maximum: 100,
        invalidCode: 'InvalidParameterException',
      });
      return { repositories: page.items.map(described), nextToken: page.nextToken };
    },
    DeleteRepository: (input: Named, context) => {
      const repository = repositories.at(input, context);
      repositories.regions.at(context).delete(repository.name);
      return { repository: described(repository) };
    },
    // No image can be pushed to this registry: the lists are truly empty.
    DescribeImages: (input: Named, context) => {
      repositories.at(input, context);
      return { imageDetails: [] };
    },
    ListImages: (input: Named, context) => {
      repositories.at(input, context);
      return { imageIds: [] };
    },
    GetAuthorizationToken: (_input, context) => ({
      authorizationData: [
        {
          authorizationToken: Buffer.from(`AWS:${randomBytes(24).toString('hex')}`).toString('base64'),
          expiresAt: new Date(context.world.now().getTime() + 12 * 3_600_000),
          proxyEndpoint: `https://${context.accountId}.dkr.ecr.${context.region}.amazonaws.com`,
        },
      ],
    }),
    ...documents(repositories),
    ...settings(repositories),
  };
}

function authorization(
  repositories: Repositories,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Named & { repositoryNames?: string[]; tags?: Tag[] };
  const name = input.repositoryName ?? input.resourceArn?.split(':repository/')[1] ?? input.repositoryNames?.[0];
  if (!name) {
    return [{ action: `ecr:${operation}`, resources: ['*'] }];
  }
  const repository = repositories.find({ ...input, repositoryName: name }, context);
  return [
    {
      action: `ecr:${operation}`,
      resources: [repositories.arn(name, context)],
      resourcePolicy: repository?.policy,
      conditions: {
        ...requestTagConditions(tagsFrom(input.tags)),
        ...resourceTagConditions(repository?.tags ?? new Map()),
      },
    },
  ];
}

/** Amazon ECR as far as repositories go, which is what `cdk bootstrap` needs. Images cannot be pushed. */
export const createEcr: ServiceFactory = (world) => {
  const repositories = new Repositories(world);
  return {
    signingNames: ['ecr'],
    schemas,
    operations: operations(repositories),
    authorize: (operation, input, context) => authorization(repositories, operation, input, context),
  };
};
