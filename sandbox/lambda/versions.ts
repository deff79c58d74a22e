import { randomUUID } from 'node:crypto';
import type {
  CreateAliasRequest,
  FunctionUrlConfig,
  PublishVersionRequest,
  PutFunctionEventInvokeConfigRequest,
  UpdateAliasRequest,
} from '@aws-sdk/client-lambda';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { publish } from './functions';
import { type Alias, type AsyncSettings, conflict, type Functions, type LambdaFunction, notFound } from './state';

function describedAlias(fn: LambdaFunction, alias: Alias) {
  return {
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description ?? '',
    RoutingConfig: alias.routingConfig,
    RevisionId: alias.revisionId,
  };
}

function findAlias(functions: Functions, input: { FunctionName?: string; Name?: string }, context: CallContext) {
  const fn = functions.at(input.FunctionName, context);
  const alias = fn.aliases.get(input.Name ?? '');
  if (!alias) {
    throw notFound(`Alias not found: ${fn.arn}:${input.Name}`);
  }
  return { fn, alias };
}

function aliases(functions: Functions): Record<string, Handler> {
  const checkVersion = (fn: LambdaFunction, version: string | undefined) => {
    if (version !== '$LATEST' && !fn.versions.has(version ?? '')) {
      throw notFound(`Function not found: ${fn.arn}:${version}`);
    }
  };
  return {
    CreateAlias: (input: CreateAliasRequest, context) => {
      const fn = functions.at(input.FunctionName, context);
      const name = input.Name ?? '';
      if (fn.aliases.has(name)) {
        throw conflict(`Alias already exists: ${fn.arn}:${name}`);
      }
      checkVersion(fn, input.FunctionVersion);
      const alias: Alias = {
        name,
        functionVersion: input.FunctionVersion ?? '',
        description: input.Description,
        routingConfig: input.RoutingConfig,
        revisionId: randomUUID(),
      };
      fn.aliases.set(name, alias);
      return describedAlias(fn, alias);
    },
    GetAlias: (input, context) => {
      const { fn, alias } = findAlias(functions, input, context);
      return describedAlias(fn, alias);
    },
    UpdateAlias: (input: UpdateAliasRequest, context) => {
      const { fn, alias } = findAlias(functions, input, context);
      if (input.FunctionVersion) {
        checkVersion(fn, input.FunctionVersion);
        alias.functionVersion = input.FunctionVersion;
      }
      alias.description = input.Description ?? alias.description;
      alias.routingConfig = input.RoutingConfig ?? alias.routingConfig;
      alias.revisionId = randomUUID();
      return describedAlias(fn, alias);
    },
    DeleteAlias: (input, context) => {
      functions.at(input.FunctionName, context).aliases.delete(input.Name);
    },
    ListAliases: (input, context) => {
      const fn = functions.at(input.FunctionName, context);
      const all = [...fn.aliases.values()].filter(
        (one) => !input.FunctionVersion || one.functionVersion === input.FunctionVersion,
      );
      const page = paginate(all, { token: input.Marker, size: input.MaxItems, maximum: 50 });
      return { Aliases: page.items.map((alias) => describedAlias(fn, alias)), NextMarker: page.nextToken };
    },
  };
}

function describedSettings(fn: LambdaFunction, qualifier: string, settings: AsyncSettings) {
  return {
    LastModified: settings.modifiedAt,
    FunctionArn: `${fn.arn}:${qualifier || '$LATEST'}`,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumEventAgeInSeconds: settings.maximumEventAgeInSeconds,
    DestinationConfig: settings.destinationConfig ?? { OnSuccess: {}, OnFailure: {} },
  };
}

function asyncSettings(functions: Functions): Record<string, Handler> {
  const key = (qualifier: string | undefined) => (qualifier === '$LATEST' ? '' : (qualifier ?? ''));
  const put =
    (keep: boolean): Handler =>
    (input: PutFunctionEventInvokeConfigRequest, context) => {
      const { fn, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
      const before = keep ? fn.asyncSettings.get(key(qualifier)) : undefined;
      const settings: AsyncSettings = {
        maximumRetryAttempts: input.MaximumRetryAttempts ?? before?.maximumRetryAttempts,
        maximumEventAgeInSeconds: input.MaximumEventAgeInSeconds ?? before?.maximumEventAgeInSeconds,
        destinationConfig: input.DestinationConfig ?? before?.destinationConfig,
        modifiedAt: context.world.now(),
      };
      fn.asyncSettings.set(key(qualifier), settings);
      return describedSettings(fn, key(qualifier), settings);
    };
  const find = (input: { FunctionName: string; Qualifier?: string }, context: CallContext) => {
    const { fn, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
    const settings = fn.asyncSettings.get(key(qualifier));
    if (!settings) {
      throw notFound(`The function ${fn.arn} doesn't have an EventInvokeConfig`);
    }
    return { fn, qualifier: key(qualifier), settings };
  };
  return {
    PutFunctionEventInvokeConfig: put(false),
    UpdateFunctionEventInvokeConfig: put(true),
    GetFunctionEventInvokeConfig: (input, context) => {
      const { fn, qualifier, settings } = find(input, context);
      return describedSettings(fn, qualifier, settings);
    },
    DeleteFunctionEventInvokeConfig: (input, context) => {
      const { fn, qualifier } = find(input, context);
      fn.asyncSettings.delete(qualifier);
    },
    ListFunctionEventInvokeConfigs: (input, context) => {
      const fn = functions.at(input.FunctionName, context);
      return {
        FunctionEventInvokeConfigs: [...fn.asyncSettings].map(([name, one]) => describedSettings(fn, name, one)),
      };
    },
  };
}

function urls(functions: Functions): Record<string, Handler> {
  const find = (input: { FunctionName: string; Qualifier?: string }, context: CallContext) => {
    const fn = functions.at(input.FunctionName, context);
    const config = fn.urls.get(input.Qualifier ?? '');
    if (!config) {
      throw notFound('The resource you requested does not exist.');
    }
    return { fn, config };
  };
  return {
    CreateFunctionUrlConfig: (input, context) => {
      const { fn } = functions.resolve(input.FunctionName, input.Qualifier, context);
      if (fn.urls.has(input.Qualifier ?? '')) {
        throw conflict(
          `Failed to create function url config for [functionArn = ${fn.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        );
      }
      const now = context.world.now().toISOString();
      const id = randomUUID().replaceAll('-', '');
      const config: FunctionUrlConfig = {
        FunctionUrl: `${context.world.endpoint}/_lambda/url/${id}/`,
        FunctionArn: input.Qualifier ? `${fn.arn}:${input.Qualifier}` : fn.arn,
        AuthType: input.AuthType,
        Cors: input.Cors,
        InvokeMode: input.InvokeMode ?? 'BUFFERED',
        CreationTime: now,
        LastModifiedTime: now,
      };
      fn.urls.set(input.Qualifier ?? '', config);
      return config;
    },
    GetFunctionUrlConfig: (input, context) => find(input, context).config,
    UpdateFunctionUrlConfig: (input, context) => {
      const { config } = find(input, context);
      config.AuthType = input.AuthType ?? config.AuthType;
      config.Cors = input.Cors ?? config.Cors;
      config.InvokeMode = input.InvokeMode ?? config.InvokeMode;
      config.LastModifiedTime = context.world.now().toISOString();
      return config;
    },
    DeleteFunctionUrlConfig: (input, context) => {
      find(input, context).fn.urls.delete(input.Qualifier ?? '');
    },
    ListFunctionUrlConfigs: (input, context) => ({
      FunctionUrlConfigs: [...functions.at(input.FunctionName, context).urls.values()],
    }),
  };
}

/** Versions, aliases, settings of asynchronous invocations, function URLs. */
export function versionOperations(functions: Functions): Record<string, Handler> {
  return {
    PublishVersion: (input: PublishVersionRequest, context) =>
      publish(functions.at(input.FunctionName, context), context, input.Description),
    ListVersionsByFunction: (input, context) => {
      const fn = functions.at(input.FunctionName, context);
      const all = [fn.latest, ...fn.versions.values()].map(({ configuration }) =>
        configuration.Version === '$LATEST' ? { ...configuration, FunctionArn: `${fn.arn}:$LATEST` } : configuration,
      );
      const page = paginate(all, { token: input.Marker, size: input.MaxItems, maximum: 50 });
      return { Versions: page.items, NextMarker: page.nextToken };
    },
    ...aliases(functions),
    ...asyncSettings(functions),
    ...urls(functions),
  };
}
