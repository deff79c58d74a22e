import { randomBytes } from 'node:crypto';
import type {
  CreateKeyRequest,
  EnableKeyRotationRequest,
  GetKeyPolicyRequest,
  PutKeyPolicyRequest,
  ScheduleKeyDeletionRequest,
} from '@aws-sdk/client-kms';
import { parseArn } from '../common/arn';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { unlessStranger } from '../core/strangers';
import { aliasOperations } from './aliases';
import { checkUsable, defaultPolicy, type Key, type Keys, notFound } from './state';

const day = 86_400_000;

interface KmsTag {
  TagKey?: string;
  TagValue?: string;
}

export function kmsTags(list: readonly KmsTag[] | undefined): Tags {
  return new Map((list ?? []).map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
}

function metadata(key: Key) {
  const symmetric = key.keySpec === 'SYMMETRIC_DEFAULT';
  return {
    AWSAccountId: key.site.accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: key.state,
    DeletionDate: key.deletionDate,
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    EncryptionAlgorithms: symmetric && key.keyUsage === 'ENCRYPT_DECRYPT' ? ['SYMMETRIC_DEFAULT'] : undefined,
    MultiRegion: key.multiRegion,
  };
}

/** @throws ServiceError `MalformedPolicyDocumentException` when nobody could change the policy afterwards */
function checkPolicy(text: string, bypass: boolean | undefined, context: CallContext): void {
  let policy: { Statement?: unknown };
  try {
    policy = JSON.parse(text) as { Statement?: unknown };
  } catch {
    throw new ServiceError('MalformedPolicyDocumentException', 'The provided policy is not valid JSON.', 400);
  }
  const statements = [policy.Statement ?? []].flat() as { Effect?: string; Principal?: unknown; Action?: unknown }[];
  const { caller, accountId } = context;
  const names = [
    `:${accountId}:root`,
    `:iam::${accountId}:root`,
    caller.arn,
    caller.roleArn ?? caller.arn,
    `"${accountId}"`,
    '"*"',
  ];
  const safe = statements.some((statement) => {
    const actions = [statement.Action].flat().map(String);
    const principals = JSON.stringify(statement.Principal ?? '');
    const admits = actions.some((action) => /^(\*|kms:(\*|Put\*|PutKey\*|PutKeyPolicy))$/i.test(action));
    return statement.Effect === 'Allow' && admits && names.some((name) => principals.includes(name));
  });
  if (!safe && !bypass) {
    throw new ServiceError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
      400,
    );
  }
}

function createKey(keys: Keys): Handler {
  return (input: CreateKeyRequest, context) => {
    const policy = input.Policy ?? defaultPolicy(context.accountId, context.world.partition);
    unlessStranger(context, () => checkPolicy(policy, input.BypassPolicyLockoutSafetyCheck, context), undefined);
    const key = keys.create(context, {
      policy,
      description: input.Description,
      tags: kmsTags(input.Tags),
      keySpec: input.KeySpec ?? input.CustomerMasterKeySpec,
      keyUsage: input.KeyUsage,
      multiRegion: input.MultiRegion,
    });
    return { KeyMetadata: metadata(key) };
  };
}

function ownKey(keys: Keys, id: string | undefined, context: CallContext): Key {
  const key = keys.at(id, context);
  if (key.manager === 'AWS') {
    throw new ServiceError('AccessDeniedException', `${key.arn} is managed by AWS and cannot be changed.`, 400);
  }
  return key;
}

function stateOperations(keys: Keys): Record<string, Handler> {
  return {
    EnableKey: (input: { KeyId: string }, context) => {
      const key = ownKey(keys, input.KeyId, context);
      if (key.state === 'PendingDeletion') {
        checkUsable(key);
      }
      key.state = 'Enabled';
    },
    DisableKey: (input: { KeyId: string }, context) => {
      const key = ownKey(keys, input.KeyId, context);
      if (key.state === 'PendingDeletion') {
        checkUsable(key);
      }
      key.state = 'Disabled';
    },
    ScheduleKeyDeletion: (input: ScheduleKeyDeletionRequest, context) => {
      const key = ownKey(keys, input.KeyId, context);
      const days = input.PendingWindowInDays ?? 30;
      if (days < 7 || days > 30) {
        throw new ServiceError(
          'ValidationException',
          `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`,
          400,
        );
      }
      if (key.state === 'PendingDeletion') {
        checkUsable(key);
      }
      key.state = 'PendingDeletion';
      key.deletionDate = new Date(context.world.now().getTime() + days * day);
      return { KeyId: key.arn, DeletionDate: key.deletionDate, KeyState: key.state, PendingWindowInDays: days };
    },
    CancelKeyDeletion: (input: { KeyId: string }, context) => {
      const key = ownKey(keys, input.KeyId, context);
      if (key.state !== 'PendingDeletion') {
        throw new ServiceError('KMSInvalidStateException', `${key.arn} is not pending deletion.`, 400);
      }
      key.state = 'Disabled';
      key.deletionDate = undefined;
      return { KeyId: key.arn };
    },
    EnableKeyRotation: (input: EnableKeyRotationRequest, context) => {
      const key = ownKey(keys, input.KeyId, context);
      checkUsable(key);
      key.rotationDays = input.RotationPeriodInDays ?? 365;
    },
    DisableKeyRotation: (input: { KeyId: string }, context) => {
      const key = ownKey(keys, input.KeyId, context);
      checkUsable(key);
      key.rotationDays = undefined;
    },
    RotateKeyOnDemand: (input: { KeyId: string }, context) => {
      const key = ownKey(keys, input.KeyId, context);
      checkUsable(key);
      key.materials.push(randomBytes(32));
      return { KeyId: key.id };
    },
    GetKeyRotationStatus: (input: { KeyId: string }, context) => {
      const key = keys.at(input.KeyId, context);
      const days = key.rotationDays;
      return {
        KeyId: key.id,
        KeyRotationEnabled: days !== undefined,
        RotationPeriodInDays: days,
        NextRotationDate: days ? new Date(key.createdAt.getTime() + days * day) : undefined,
      };
    },
  };
}

function policyOperations(keys: Keys): Record<string, Handler> {
  return {
    GetKeyPolicy: (input: GetKeyPolicyRequest, context) => ({
      Policy: keys.at(input.KeyId, context).policy,
      PolicyName: 'default',
    }),
    ListKeyPolicies: (input: { KeyId: string }, context) => {
      keys.at(input.KeyId, context);
      return { PolicyNames: ['default'], Truncated: false };
    },
    PutKeyPolicy: (input: PutKeyPolicyRequest, context) => {
      const key = ownKey(keys, input.KeyId, context);
      const { Policy = '', BypassPolicyLockoutSafetyCheck: bypass } = input;
      unlessStranger(context, () => checkPolicy(Policy, bypass, context), undefined);
      key.policy = input.Policy ?? '';
    },
  };
}

function tagOperations(keys: Keys): Record<string, Handler> {
  return {
    TagResource: (input: { KeyId: string; Tags: KmsTag[] }, context) => {
      const { tags } = ownKey(keys, input.KeyId, context);
      for (const [name, value] of kmsTags(input.Tags)) {
        tags.set(name, value);
      }
    },
    UntagResource: (input: { KeyId: string; TagKeys: string[] }, context) => {
      const { tags } = ownKey(keys, input.KeyId, context);
      for (const name of input.TagKeys) {
        tags.delete(name);
      }
    },
    ListResourceTags: (input: { KeyId: string }, context) => ({
      Tags: [...keys.at(input.KeyId, context).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: false,
    }),
  };
}

/** Keys, aliases, key policies, states, rotation, tags. */
export function managementOperations(keys: Keys): Record<string, Handler> {
  return {
    CreateKey: createKey(keys),
    DescribeKey: (input: { KeyId: string }, context) => {
      const arn = parseArn(input.KeyId);
      if (arn && arn.region !== context.region) {
        throw notFound(`Invalid arn ${arn.region}`);
      }
      return { KeyMetadata: metadata(keys.at(input.KeyId, context)) };
    },
    ListKeys: (input: { Limit?: number; Marker?: string }, context) => {
      const all = [...keys.regions.at(context).keys.values()];
      const page = paginate(all, {
        token: input.Marker,
        size: input.Limit,
        maximum: 1000,
        invalidCode: 'InvalidMarkerException',
      });
      const Keys = page.items.map((key) => ({ KeyId: key.id, KeyArn: key.arn }));
      return { Keys, NextMarker: page.nextToken, Truncated: page.nextToken !== undefined };
    },
    UpdateKeyDescription: (input: { KeyId: string; Description: string }, context) => {
      ownKey(keys, input.KeyId, context).description = input.Description;
    },
    ...aliasOperations(keys),
    ...stateOperations(keys),
    ...policyOperations(keys),
    ...tagOperations(keys),
  };
}
