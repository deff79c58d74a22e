import * as schemas from '@aws-sdk/client-kms';
import { requestTagConditions, resourceTagConditions } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { isStranger } from '../core/strangers';
import { cryptographicOperations, keyOf } from './cryptography';
import { kmsTags, managementOperations } from './management';
import { defaultPolicy, type Key, Keys } from './state';

interface Input {
  KeyId?: string;
  TargetKeyId?: string;
  AliasName?: string;
  CiphertextBlob?: Uint8Array;
  DestinationKeyId?: string;
  EncryptionContext?: Record<string, string>;
  SourceEncryptionContext?: Record<string, string>;
  Policy?: string;
  Tags?: { TagKey?: string; TagValue?: string }[];
}

const onEverything = ['CreateKey', 'ListKeys', 'ListAliases', 'GenerateRandom'];

/** `ssm.amazonaws.com` → `ssm.us-east-1.amazonaws.com` */
function viaService(via: string, region: string): string {
  return via.replace('.', `.${region}.`);
}

function conditions(
  input: Input,
  key: Key | undefined,
  context: CallContext,
): Record<string, string | readonly string[]> {
  const pairs = Object.entries(input.EncryptionContext ?? input.SourceEncryptionContext ?? {});
  return {
    'kms:CallerAccount': context.caller.accountId,
    ...(context.via ? { 'kms:ViaService': viaService(context.via, context.region) } : {}),
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    ...(pairs.length > 0 ? { 'kms:EncryptionContextKeys': pairs.map(([name]) => name) } : {}),
    ...(/(^|:)alias\//.test(input.KeyId ?? '')
      ? { 'kms:RequestAlias': `alias/${input.KeyId?.split('alias/')[1]}` }
      : {}),
    ...requestTagConditions(kmsTags(input.Tags)),
    ...resourceTagConditions(key?.tags ?? new Map()),
  };
}

function keyRequest(
  keys: Keys,
  action: string,
  id: string | undefined,
  input: Input,
  context: CallContext,
): AuthorizationRequest {
  const key = keys.find(id, context);
  const fallback = id?.startsWith('arn:')
    ? id
    : `arn:${context.world.partition}:kms:${context.region}:${context.accountId}:key/${id}`;
  return {
    action,
    resources: [key?.arn ?? fallback],
    resourcePolicy: key?.policy,
    resourceAccountId: key?.site.accountId,
    resourcePolicyRequired: key !== undefined,
    conditions: conditions(input, key, context),
  };
}

function aliasRequest(action: string, name: string | undefined, context: CallContext): AuthorizationRequest {
  return { action, resources: [`arn:${context.world.partition}:kms:${context.region}:${context.accountId}:${name}`] };
}

/** Tags at birth need a permission of their own; the key has no id yet, and the policy that it is going to have. */
function createTaggedRequests(input: Input, context: CallContext): AuthorizationRequest[] {
  const { accountId, region, world } = context;
  const own = conditions(input, undefined, context);
  const key = `arn:${world.partition}:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`;
  const resourcePolicy = input.Policy ?? defaultPolicy(accountId, world.partition);
  return [
    { action: 'kms:CreateKey', resources: ['*'], conditions: own },
    { action: 'kms:TagResource', resources: [key], resourcePolicy, conditions: own },
  ];
}

function authorization(keys: Keys, operation: string, given: unknown, context: CallContext): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const action = `kms:${operation}`;
  if (operation === 'CreateKey' && input.Tags?.length) {
    return createTaggedRequests(input, context);
  }
  if (onEverything.includes(operation)) {
    return [{ action, resources: ['*'], conditions: conditions(input, undefined, context) }];
  }
  if (operation === 'ReEncrypt') {
    return [
      keyRequest(keys, 'kms:ReEncryptFrom', keyOf(input.CiphertextBlob), input, context),
      keyRequest(keys, 'kms:ReEncryptTo', input.DestinationKeyId, input, context),
    ];
  }
  if (operation === 'Decrypt') {
    const arn = keyOf(input.CiphertextBlob) ?? input.KeyId;
    return arn ? [keyRequest(keys, action, arn, input, context)] : [{ action, resources: ['*'] }];
  }
  if (operation === 'DeleteAlias') {
    const keyId = keys.regions.at(context).aliases.get(input.AliasName ?? '')?.keyId;
    const alias = aliasRequest(action, input.AliasName, context);
    return keyId ? [alias, keyRequest(keys, action, keyId, input, context)] : [alias];
  }
  if (operation === 'CreateAlias' || operation === 'UpdateAlias') {
    return [
      aliasRequest(action, input.AliasName, context),
      keyRequest(keys, action, input.TargetKeyId, input, context),
    ];
  }
  return [keyRequest(keys, action, input.KeyId, input, context)];
}

/** AWS KMS: symmetric keys with real encryption in memory, aliases, key policies that decide alone. */
export const createKms: ServiceFactory = (world) => {
  const keys = new Keys(world);
  return {
    signingNames: ['kms'],
    schemas,
    operations: { ...managementOperations(keys), ...cryptographicOperations(keys) },
    // Strangers write down any text as a key's policy, which decides about nobody's calls but others'.
    authorize: (operation, input, context) =>
      isStranger(context) ? [] : authorization(keys, operation, input, context),
  };
};
