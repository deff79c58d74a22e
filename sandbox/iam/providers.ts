import type {
  CreateOpenIDConnectProviderRequest,
  CreateSAMLProviderRequest,
  UpdateSAMLProviderRequest,
} from '@aws-sdk/client-iam';
import { tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { type IamState, noSuchEntity, type Provider } from './state';
import { alreadyExists, checkName, checkTags, limitExceeded, violation } from './validate';

function find(map: Map<string, Provider>, arn: string | undefined, kind: string): Provider {
  const provider = map.get(arn ?? '');
  if (!provider) {
    throw noSuchEntity(`${kind} not found for arn ${arn}`);
  }
  return provider;
}

function samlOperations(state: IamState): Record<string, Handler> {
  const kind = 'SAMLProvider';
  const all = (accountId: string) => state.account(accountId).samlProviders;
  const hundredYears = 100 * 365 * 86_400_000;
  return {
    CreateSAMLProvider: (input: CreateSAMLProviderRequest, context) => {
      const name = checkName(input.Name, 'name', 128);
      checkTags(input.Tags);
      const arn = state.arn(context.accountId, 'saml-provider', '/', name);
      if (all(context.accountId).has(arn)) {
        throw alreadyExists(`SAMLProvider ${name} already exists.`);
      }
      const document = input.SAMLMetadataDocument ?? '';
      if (!/EntityDescriptor/.test(document) && !isStranger(context)) {
        throw new ServiceError('InvalidInput', 'Could not parse metadata', 400);
      }
      const provider = { arn, createdAt: context.world.now(), tags: tagsFrom(input.Tags), document };
      all(context.accountId).set(arn, provider);
      return { SAMLProviderArn: arn, Tags: input.Tags };
    },
    GetSAMLProvider: (input: UpdateSAMLProviderRequest, context) => {
      const provider = find(all(context.accountId), input.SAMLProviderArn, kind);
      return {
        SAMLMetadataDocument: provider.document,
        CreateDate: provider.createdAt,
        ValidUntil: new Date(provider.createdAt.getTime() + hundredYears),
        Tags: tagList(provider.tags),
      };
    },
    UpdateSAMLProvider: (input: UpdateSAMLProviderRequest, context) => {
      const provider = find(all(context.accountId), input.SAMLProviderArn, kind);
      provider.document = input.SAMLMetadataDocument ?? provider.document;
      return { SAMLProviderArn: provider.arn };
    },
    DeleteSAMLProvider: (input: UpdateSAMLProviderRequest, context) => {
      all(context.accountId).delete(find(all(context.accountId), input.SAMLProviderArn, kind).arn);
      return {};
    },
    ListSAMLProviders: (_input, context) => ({
      SAMLProviderList: [...all(context.accountId).values()].map(({ arn, createdAt }) => ({
        Arn: arn,
        CreateDate: createdAt,
        ValidUntil: new Date(createdAt.getTime() + hundredYears),
      })),
    }),
  };
}

interface OidcInput {
  OpenIDConnectProviderArn?: string;
  ClientID?: string;
  ThumbprintList?: string[];
}

const quotas = { clientIds: 100, thumbprints: 5 } as const;

function lengths(member: string, values: readonly string[] | undefined, least: number, most: number): string[] {
  const fits = (values ?? []).every((value) => value.length >= least && value.length <= most);
  const rule =
    `Member must satisfy constraint: [Member must have length less than or equal to ${most}, ` +
    `Member must have length greater than or equal to ${least}]`;
  return fits ? [] : [`Value '[${values?.join(', ')}]' at '${member}' failed to satisfy constraint: ${rule}`];
}

/** @throws ServiceError `ValidationError`, `InvalidInput`, `LimitExceeded` */
function checkLists(input: CreateOpenIDConnectProviderRequest): void {
  const { ClientIDList: clientIds, ThumbprintList: thumbprints } = input;
  const problems = [
    ...lengths('thumbprintList', thumbprints, 40, 40),
    ...lengths('clientIDList', clientIds, 1, 255),
    ...((input.Url ?? '').length > 255
      ? [
          `Value '${input.Url}' at 'url' failed to satisfy constraint: Member must have length less than or equal to 255`,
        ]
      : []),
  ];
  if (problems.length > 0) {
    throw violation(...problems);
  }
  if ((thumbprints ?? []).length > quotas.thumbprints) {
    throw new ServiceError(
      'InvalidInput',
      `Thumbprint list must contain fewer than ${quotas.thumbprints} entries.`,
      400,
    );
  }
  if ((clientIds ?? []).length > quotas.clientIds) {
    throw limitExceeded('ClientIdsPerOpenIdConnectProvider', quotas.clientIds);
  }
}

function oidcOperations(state: IamState): Record<string, Handler> {
  const all = (accountId: string) => state.account(accountId).oidcProviders;
  const get = (input: OidcInput, accountId: string) =>
    find(all(accountId), input.OpenIDConnectProviderArn, 'OpenIDConnect Provider');
  return {
    CreateOpenIDConnectProvider: (input: CreateOpenIDConnectProviderRequest, context) => {
      const url = input.Url ?? '';
      checkLists(input);
      if (!(isStranger(context) ? /^https?:\/\/[^/]/ : /^https:\/\/[^/]/).test(url)) {
        throw new ServiceError('ValidationError', 'Invalid Open ID Connect Provider URL', 400);
      }
      checkTags(input.Tags);
      const host = url.replace(/^https?:\/\//, '').replace(/\/$/, '');
      const arn = state.arn(context.accountId, 'oidc-provider', '/', host);
      if (all(context.accountId).has(arn)) {
        throw alreadyExists(`Provider with url ${url} already exists.`);
      }
      all(context.accountId).set(arn, {
        arn,
        createdAt: context.world.now(),
        tags: tagsFrom(input.Tags),
        url: host,
        clientIds: [...(input.ClientIDList ?? [])],
        thumbprints: [...(input.ThumbprintList ?? [])],
      });
      return { OpenIDConnectProviderArn: arn, Tags: input.Tags };
    },
    GetOpenIDConnectProvider: (input: OidcInput, context) => {
      const provider = get(input, context.accountId);
      return {
        Url: provider.url,
        ClientIDList: provider.clientIds,
        ThumbprintList: provider.thumbprints,
        CreateDate: provider.createdAt,
        Tags: tagList(provider.tags),
      };
    },
    DeleteOpenIDConnectProvider: (input: OidcInput, context) => {
      all(context.accountId).delete(input.OpenIDConnectProviderArn ?? '');
      return {};
    },
    ListOpenIDConnectProviders: (_input, context) => ({
      OpenIDConnectProviderList: [...all(context.accountId).keys()].map((Arn) => ({ Arn })),
    }),
    AddClientIDToOpenIDConnectProvider: (input: OidcInput, context) => {
      const provider = get(input, context.accountId);
      provider.clientIds = [...new Set([...(provider.clientIds ?? []), input.ClientID ?? ''])];
      return {};
    },
    RemoveClientIDFromOpenIDConnectProvider: (input: OidcInput, context) => {
      const provider = get(input, context.accountId);
      provider.clientIds = provider.clientIds?.filter((id) => id !== input.ClientID);
      return {};
    },
    UpdateOpenIDConnectProviderThumbprint: (input: OidcInput, context) => {
      get(input, context.accountId).thumbprints = [...(input.ThumbprintList ?? [])];
      return {};
    },
  };
}

/** Identity providers. Their documents and keys are kept, not verified. */
export function providerOperations(state: IamState): Record<string, Handler> {
  return { ...samlOperations(state), ...oidcOperations(state) };
}
