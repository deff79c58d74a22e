import type { DeleteSecretRequest, ListSecretsRequest } from '@aws-sdk/client-secrets-manager';
import * as schemas from '@aws-sdk/client-secrets-manager';
import { parseArn } from '../common/arn';
import {
  removeTags,
  requestTagConditions,
  resourceTagConditions,
  setTags,
  type Tag,
  tagList,
  tagsFrom,
} from '../common/tags';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { AuthorizationRequest, CallContext, Handler, ServiceFactory } from '../core/service';
import { type Secret, Secrets } from './state';
import { valueOperations } from './values';

const day = 86_400_000;

interface Input {
  Name?: string;
  SecretId?: string;
  SecretIdList?: string[];
  Tags?: Tag[];
  VersionStage?: string;
}

function described(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    LastChangedDate: secret.changedAt,
    LastAccessedDate: secret.accessedAt,
    DeletedDate: secret.deletedAt,
    Tags: tagList(secret.tags),
    CreatedDate: secret.createdAt,
  };
}

function stagesOf(secret: Secret): Record<string, string[]> {
  const staged = [...secret.versions.values()].filter((version) => version.stages.size > 0);
  return Object.fromEntries(staged.map((version) => [version.id, [...version.stages]]));
}

function deletion(secrets: Secrets): Record<string, Handler> {
  return {
    DeleteSecret: (input: DeleteSecretRequest, context) => {
      if (input.ForceDeleteWithoutRecovery && input.RecoveryWindowInDays !== undefined) {
        throw new ServiceError(
          'InvalidParameterException',
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
          400,
        );
      }
      const days = input.RecoveryWindowInDays ?? 30;
      if (days < 7 || days > 30) {
        throw new ServiceError(
          'InvalidParameterException',
          'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
          400,
        );
      }
      const secret = secrets.at(input.SecretId, context, input.ForceDeleteWithoutRecovery);
      const now = context.world.now();
      secret.deletedAt = now;
      secret.deletionDate = input.ForceDeleteWithoutRecovery ? now : new Date(now.getTime() + days * day);
      if (input.ForceDeleteWithoutRecovery) {
        secrets.regions.at(context).delete(secret.name);
      }
      return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletionDate };
    },
    RestoreSecret: (input: Input, context) => {
      const secret = secrets.at(input.SecretId, context, true);
      secret.deletedAt = undefined;
      secret.deletionDate = undefined;
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

function matches(secret: Secret, filter: { Key?: string; Values?: string[] }): boolean {
  const values = filter.Values ?? [];
  const starts = (text: string) =>
    values.some((value) => (value.startsWith('!') ? !text.startsWith(value.slice(1)) : text.startsWith(value)));
  switch (filter.Key) {
    case 'name':
      return starts(secret.name);
    case 'description':
      return starts(secret.description ?? '');
    case 'tag-key':
      return [...secret.tags.keys()].some(starts);
    case 'tag-value':
      return [...secret.tags.values()].some(starts);
    default:
      return values.some((value) =>
        `${secret.name} ${secret.description ?? ''}`.toLowerCase().includes(value.toLowerCase()),
      );
  }
}

function listing(secrets: Secrets): Record<string, Handler> {
  return {
    DescribeSecret: (input: Input, context) => {
      const secret = secrets.at(input.SecretId, context, true);
      return { ...described(secret), VersionIdsToStages: stagesOf(secret) };
    },
    ListSecrets: (input: ListSecretsRequest, context) => {
      const all = [...secrets.regions.at(context).values()]
        .filter((secret) => input.IncludePlannedDeletion || !secret.deletedAt)
        .filter((secret) => (input.Filters ?? []).every((filter) => matches(secret, filter)));
      const page = paginate(all, {
        token: input.NextToken,
        size: input.MaxResults,
        maximum: 100,
        invalidCode: 'InvalidNextTokenException',
      });
      const SecretList = page.items.map((secret) => ({
        ...described(secret),
        SecretVersionsToStages: stagesOf(secret),
      }));
      return { SecretList, NextToken: page.nextToken };
    },
    ListSecretVersionIds: (input: Input & { IncludeDeprecated?: boolean }, context) => {
      const secret = secrets.at(input.SecretId, context);
      const Versions = [...secret.versions.values()]
        .filter((version) => input.IncludeDeprecated || version.stages.size > 0)
        .map((version) => ({
          VersionId: version.id,
          VersionStages: [...version.stages],
          CreatedDate: version.createdAt,
        }));
      return { ARN: secret.arn, Name: secret.name, Versions };
    },
  };
}

function policies(secrets: Secrets): Record<string, Handler> {
  return {
    GetResourcePolicy: (input: Input, context) => {
      const secret = secrets.at(input.SecretId, context);
      return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy };
    },
    PutResourcePolicy: (input: Input & { ResourcePolicy?: string }, context) => {
      const secret = secrets.at(input.SecretId, context);
      try {
        JSON.parse(input.ResourcePolicy ?? '');
      } catch {
        throw new ServiceError(
          'MalformedPolicyDocumentException',
          'This resource policy contains a syntax error.',
          400,
        );
      }
      secret.policy = input.ResourcePolicy;
      return { ARN: secret.arn, Name: secret.name };
    },
    DeleteResourcePolicy: (input: Input, context) => {
      const secret = secrets.at(input.SecretId, context);
      secret.policy = undefined;
      return { ARN: secret.arn, Name: secret.name };
    },
    TagResource: (input: Input, context) => {
      setTags(secrets.at(input.SecretId, context).tags, input.Tags);
    },
    UntagResource: (input: Input & { TagKeys?: string[] }, context) => {
      removeTags(secrets.at(input.SecretId, context).tags, input.TagKeys);
    },
  };
}

function authorization(
  secrets: Secrets,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const on = (action: string, id: string | undefined): AuthorizationRequest => {
    const secret = secrets.find(id, context);
    const name = input.Name ?? id ?? '';
    const fallback = name.startsWith('arn:')
      ? name
      : `arn:${context.world.partition}:secretsmanager:${context.region}:${context.accountId}:secret:${name}-??????`;
    return {
      action: `secretsmanager:${action}`,
      resources: [secret?.arn ?? fallback],
      resourcePolicy: secret?.policy,
      resourceAccountId: parseArn(secret?.arn ?? fallback)?.accountId,
      conditions: {
        'secretsmanager:SecretId': id ?? '',
        ...(input.VersionStage ? { 'secretsmanager:VersionStage': input.VersionStage } : {}),
        ...requestTagConditions(tagsFrom(input.Tags)),
        ...resourceTagConditions(secret?.tags ?? new Map()),
      },
    };
  };
  if (operation === 'ListSecrets' || operation === 'GetRandomPassword') {
    return [{ action: `secretsmanager:${operation}`, resources: ['*'] }];
  }
  if (input.SecretIdList) {
    const batch = { action: 'secretsmanager:BatchGetSecretValue', resources: ['*'] };
    return [batch, ...input.SecretIdList.map((id) => on('GetSecretValue', id))];
  }
  return [on(operation, input.SecretId ?? input.Name)];
}

/** AWS Secrets Manager, without rotation. */
export const createSecretsManager: ServiceFactory = (world) => {
  const secrets = new Secrets(world);
  return {
    signingNames: ['secretsmanager'],
    schemas,
    operations: { ...valueOperations(secrets), ...listing(secrets), ...deletion(secrets), ...policies(secrets) },
    authorize: (operation, input, context) => authorization(secrets, operation, input, context),
  };
};
