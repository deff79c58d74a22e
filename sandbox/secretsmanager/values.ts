import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type {
  BatchGetSecretValueRequest,
  CreateSecretRequest,
  GetRandomPasswordRequest,
  GetSecretValueRequest,
  PutSecretValueRequest,
  UpdateSecretRequest,
  UpdateSecretVersionStageRequest,
} from '@aws-sdk/client-secrets-manager';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { type Secret, type Secrets, type SecretVersion, versionWith } from './state';

const sizeLimit = 65_536;

interface Given {
  SecretString?: string;
  SecretBinary?: Uint8Array;
  ClientRequestToken?: string;
}

async function kms<Output>(operation: string, input: object, secret: Secret, context: CallContext): Promise<Output> {
  const [, , , region = context.region, accountId] = secret.arn.split(':');
  const as = { caller: context.caller, region, accountId, via: 'secretsmanager.amazonaws.com' };
  try {
    return await context.world.call<Output>(
      'kms',
      operation,
      { ...input, EncryptionContext: { SecretARN: secret.arn } },
      as,
    );
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'AccessDeniedException') {
      throw new ServiceError('AccessDeniedException', 'Access to KMS is not allowed', 400);
    }
    if (error instanceof ServiceError) {
      const code = operation === 'Decrypt' ? 'DecryptionFailure' : 'EncryptionFailure';
      throw new ServiceError(code, error.message, 400);
    }
    throw error;
  }
}

/** Adds a version and lets it be the current one, or carry other stages. */
async function addVersion(
  secret: Secret,
  given: Given,
  stages: readonly string[],
  context: CallContext,
): Promise<SecretVersion> {
  const { SecretString, SecretBinary } = given;
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
      400,
    );
  }
  const plain = Buffer.from(SecretBinary ?? SecretString ?? '');
  if (plain.length > sizeLimit) {
    throw new ServiceError('ValidationException', `The secret value can't be longer than ${sizeLimit} bytes.`, 400);
  }
  const id = given.ClientRequestToken ?? randomUUID();
  const existing = secret.versions.get(id);
  if (existing) {
    return existing;
  }
  const sealed = await seal(secret, plain, context);
  const version = {
    id,
    createdAt: context.world.now(),
    sealed,
    binary: SecretBinary !== undefined,
    stages: new Set<string>(),
  };
  secret.versions.set(id, version);
  secret.changedAt = context.world.now();
  for (const stage of stages) {
    moveStage(secret, stage, version);
  }
  return version;
}

/** A value may be longer than what KMS takes at once. */
async function seal(secret: Secret, plain: Buffer, context: CallContext): Promise<Uint8Array> {
  const KeyId = secret.kmsKeyId ?? 'alias/aws/secretsmanager';
  const pieces: string[] = [];
  for (let start = 0; start < Math.max(1, plain.length); start += 4000) {
    // KMS refuses to encrypt nothing: a byte in front makes sure that there is something.
    const Plaintext = Buffer.concat([Buffer.from([0]), plain.subarray(start, start + 4000)]);
    const answer = await kms<{ CiphertextBlob: Uint8Array }>('Encrypt', { KeyId, Plaintext }, secret, context);
    pieces.push(Buffer.from(answer.CiphertextBlob).toString('base64'));
  }
  return Buffer.from(pieces.join('.'));
}

async function open(secret: Secret, version: SecretVersion, context: CallContext): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const piece of Buffer.from(version.sealed).toString('utf8').split('.')) {
    const CiphertextBlob = Buffer.from(piece, 'base64');
    const answer = await kms<{ Plaintext: Uint8Array }>('Decrypt', { CiphertextBlob }, secret, context);
    parts.push(Buffer.from(answer.Plaintext).subarray(1));
  }
  return Buffer.concat(parts);
}

function moveStage(secret: Secret, stage: string, to: SecretVersion): void {
  const from = versionWith(secret, stage);
  if (from && from !== to) {
    from.stages.delete(stage);
    if (stage === 'AWSCURRENT') {
      versionWith(secret, 'AWSPREVIOUS')?.stages.delete('AWSPREVIOUS');
      from.stages.add('AWSPREVIOUS');
    }
  }
  to.stages.add(stage);
}

function createSecret(secrets: Secrets): Handler {
  return async (input: CreateSecretRequest, context) => {
    const name = input.Name ?? '';
    if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) {
      throw new ServiceError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
        400,
      );
    }
    const region = secrets.regions.at(context);
    const existing = region.get(name);
    if (existing?.deletedAt) {
      throw new ServiceError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
        400,
      );
    }
    if (existing) {
      throw new ServiceError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
        400,
      );
    }
    const now = context.world.now();
    const ending = randomBytes(8).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 6);
    const arn = `arn:${context.world.partition}:secretsmanager:${context.region}:${context.accountId}:secret:${name}-${ending}`;
    const secret: Secret = {
      name,
      arn,
      createdAt: now,
      changedAt: now,
      versions: new Map(),
      tags: tagsFrom(input.Tags),
      description: input.Description,
      kmsKeyId: input.KmsKeyId,
    };
    const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
    const version = hasValue ? await addVersion(secret, input, ['AWSCURRENT'], context) : undefined;
    region.set(name, secret);
    return { ARN: arn, Name: name, VersionId: version?.id };
  };
}

async function secretValue(secrets: Secrets, input: GetSecretValueRequest, context: CallContext) {
  const secret = secrets.at(input.SecretId, context);
  const stage = input.VersionStage ?? 'AWSCURRENT';
  const version = input.VersionId ? secret.versions.get(input.VersionId) : versionWith(secret, stage);
  if (!version || (input.VersionId && input.VersionStage && !version.stages.has(input.VersionStage))) {
    const which = input.VersionId ? `VersionId: ${input.VersionId}` : `staging label: ${stage}`;
    throw new ServiceError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${which}`,
      400,
    );
  }
  const plain = await open(secret, version, context);
  secret.accessedAt = context.world.now();
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...(version.binary ? { SecretBinary: plain } : { SecretString: plain.toString('utf8') }),
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt,
  };
}

function updateSecret(secrets: Secrets): Handler {
  return async (input: UpdateSecretRequest, context) => {
    const secret = secrets.at(input.SecretId, context);
    secret.description = input.Description ?? secret.description;
    secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
    secret.changedAt = context.world.now();
    const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
    const version = hasValue ? await addVersion(secret, input, ['AWSCURRENT'], context) : undefined;
    return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  };
}

function updateStage(secrets: Secrets): Handler {
  return (input: UpdateSecretVersionStageRequest, context) => {
    const secret = secrets.at(input.SecretId, context);
    const stage = input.VersionStage ?? '';
    const from = versionWith(secret, stage);
    const to = input.MoveToVersionId ? secret.versions.get(input.MoveToVersionId) : undefined;
    if (input.MoveToVersionId && !to) {
      throw new ServiceError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret version.",
        400,
      );
    }
    if (to && from && from !== to && input.RemoveFromVersionId !== from.id) {
      throw new ServiceError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${from.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
        400,
      );
    }
    if (to) {
      moveStage(secret, stage, to);
    } else {
      from?.stages.delete(stage);
    }
    return { ARN: secret.arn, Name: secret.name };
  };
}

function randomPassword(input: GetRandomPasswordRequest): string {
  const sets = [
    input.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    input.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    input.ExcludeNumbers ? '' : '0123456789',
    input.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    input.IncludeSpace ? ' ' : '',
  ];
  const kept = sets
    .map((set) => [...set].filter((one) => !(input.ExcludeCharacters ?? '').includes(one)).join(''))
    .filter(Boolean);
  const all = kept.join('');
  const pick = (from: string) => from[randomInt(from.length)] ?? '';
  const required = input.RequireEachIncludedType === false ? [] : kept.map(pick);
  const rest = Array.from({ length: Math.max(0, (input.PasswordLength ?? 32) - required.length) }, () => pick(all));
  return [...required, ...rest].sort(() => randomInt(3) - 1).join('');
}

/** Secrets' values: made, read, replaced, staged. */
export function valueOperations(secrets: Secrets): Record<string, Handler> {
  return {
    CreateSecret: createSecret(secrets),
    GetSecretValue: (input: GetSecretValueRequest, context) => secretValue(secrets, input, context),
    BatchGetSecretValue: async (input: BatchGetSecretValueRequest, context) => {
      const SecretValues = [];
      const Errors = [];
      for (const SecretId of input.SecretIdList ?? []) {
        try {
          SecretValues.push(await secretValue(secrets, { SecretId }, context));
        } catch (error) {
          if (!(error instanceof ServiceError)) {
            throw error;
          }
          Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
        }
      }
      return { SecretValues, Errors };
    },
    PutSecretValue: async (input: PutSecretValueRequest, context) => {
      const secret = secrets.at(input.SecretId, context);
      const version = await addVersion(secret, input, input.VersionStages ?? ['AWSCURRENT'], context);
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
    },
    UpdateSecret: updateSecret(secrets),
    UpdateSecretVersionStage: updateStage(secrets),
    GetRandomPassword: (input: GetRandomPasswordRequest) => ({ RandomPassword: randomPassword(input) }),
  };
}
