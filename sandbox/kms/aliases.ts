import type { CreateAliasRequest, ListAliasesRequest } from '@aws-sdk/client-kms';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { type Alias, type Keys, notFound } from './state';

/** Names of keys. */
export function aliasOperations(keys: Keys): Record<string, Handler> {
  const named = (name: string | undefined, context: CallContext): Alias => {
    const alias = keys.regions.at(context).aliases.get(name ?? '');
    if (!alias) {
      const arn = `arn:${context.world.partition}:kms:${context.region}:${context.accountId}:${name}`;
      throw notFound(`Alias ${arn} is not found.`);
    }
    return alias;
  };
  const described = (alias: Alias) => ({
    AliasName: alias.name,
    AliasArn: alias.arn,
    TargetKeyId: alias.keyId,
    CreationDate: alias.createdAt,
    LastUpdatedDate: alias.updatedAt,
  });
  return {
    CreateAlias: (input: CreateAliasRequest, context) => {
      const name = input.AliasName ?? '';
      if (!/^alias\/[\w/-]+$/.test(name)) {
        throw new ServiceError(
          'ValidationException',
          'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
          400,
        );
      }
      if (name.startsWith('alias/aws/')) {
        throw new ServiceError('NotAuthorizedException', '', 400);
      }
      const key = keys.at(input.TargetKeyId, context);
      const existing = keys.regions.at(context).aliases.get(name);
      if (existing) {
        throw new ServiceError('AlreadyExistsException', `An alias with the name ${existing.arn} already exists`, 400);
      }
      keys.addAlias(name, key);
    },
    UpdateAlias: (input: CreateAliasRequest, context) => {
      const alias = named(input.AliasName, context);
      alias.keyId = keys.at(input.TargetKeyId, context).id;
      alias.updatedAt = context.world.now();
    },
    DeleteAlias: (input: { AliasName: string }, context) => {
      keys.regions.at(context).aliases.delete(named(input.AliasName, context).name);
    },
    ListAliases: (input: ListAliasesRequest, context) => {
      const target = input.KeyId ? keys.at(input.KeyId, context).id : undefined;
      const all = [...keys.regions.at(context).aliases.values()].filter((alias) => !target || alias.keyId === target);
      const page = paginate(all, {
        token: input.Marker,
        size: input.Limit,
        maximum: 100,
        invalidCode: 'InvalidMarkerException',
      });
      return {
        Aliases: page.items.map(described),
        NextMarker: page.nextToken,
        Truncated: page.nextToken !== undefined,
      };
    },
  };
}
