import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: Date;
  /** Ciphertext under the secret's key. */
  readonly sealed: Uint8Array;
  readonly binary: boolean;
  readonly stages: Set<string>;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly versions: Map<string, SecretVersion>;
  readonly tags: Tags;
  description?: string;
  kmsKeyId?: string;
  policy?: string;
  changedAt: Date;
  accessedAt?: Date;
  deletedAt?: Date;
  deletionDate?: Date;
}

export class Secrets {
  readonly regions = new Store<Map<string, Secret>>(() => new Map());

  constructor(readonly world: World) {}

  /** By name, ARN, or ARN without its random ending. */
  find(id: string | undefined, site: Site): Secret | undefined {
    const arn = parseArn(id);
    const region = this.regions.at(arn ?? site);
    if (!arn) {
      return region.get(id ?? '');
    }
    return [...region.values()].find((secret) => secret.arn === id || secret.arn.slice(0, -7) === id);
  }

  /** @throws ServiceError `ResourceNotFoundException`, `InvalidRequestException` for a secret on its way out */
  at(id: string | undefined, site: Site, allowDeleted = false): Secret {
    const secret = this.find(id, site);
    if (!secret) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.", 400);
    }
    if (secret.deletedAt && !allowDeleted) {
      throw new ServiceError(
        'InvalidRequestException',
        'You can’t perform this operation on the secret because it was marked for deletion.',
        400,
      );
    }
    return secret;
  }
}

export function versionWith(secret: Secret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find((version) => version.stages.has(stage));
}
