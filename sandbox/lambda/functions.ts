import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  FunctionConfiguration,
  GetFunctionRequest,
  ListFunctionsRequest,
  PutFunctionConcurrencyRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { applyCode, applySettings, checkSettings, initialConfiguration, readCode, touch } from './configuration';
import type { Pool } from './pool';
import { conflict, type Functions, invalid, type LambdaFunction, notFound, type Version } from './state';

const namePattern = /^[a-zA-Z0-9-_]{1,64}$/;

/** Lambda tries the role before it takes it. */
async function checkRole(
  functions: Functions,
  role: string | undefined,
  arn: string,
  context: CallContext,
): Promise<void> {
  if (!role) {
    throw invalid(
      "1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null",
    );
  }
  const service = functions.world.serviceCaller('lambda.amazonaws.com', { accountId: context.accountId, arn });
  try {
    await functions.world.assumeRole(role, 'awslambda-creation-check', service, context.region);
  } catch (error) {
    // Strangers' roles trust nobody: their functions work as the strangers themselves.
    if (isStranger(context) && context.world.identity.current?.role(role)) {
      return;
    }
    if (error instanceof ServiceError) {
      throw invalid('The role defined for the function cannot be assumed by Lambda.');
    }
    throw error;
  }
}

function createFunction(functions: Functions): Handler {
  return async (input: CreateFunctionRequest, context) => {
    const { name } = functions.parse(input.FunctionName, context);
    if (!namePattern.test(name)) {
      throw new ServiceError(
        'ValidationException',
        `1 validation error detected: Value '${input.FunctionName}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
        400,
      );
    }
    const region = functions.regions.at(context);
    if (region.has(name)) {
      throw conflict(`Function already exist: ${name}`);
    }
    if (input.PackageType === 'Image') {
      throw invalid('The local organization runs functions of package type Zip only.');
    }
    if (!input.Runtime || !input.Handler) {
      throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
    }
    checkSettings(input);
    const arn = functions.arn(name, context);
    const zip = await readCode(input.Code, context);
    await checkRole(functions, input.Role, arn, context);
    const configuration: FunctionConfiguration = {
      FunctionName: name,
      FunctionArn: arn,
      ...initialConfiguration(name),
    };
    configuration.Architectures = input.Architectures ?? configuration.Architectures;
    applySettings(configuration, input, context.world.now());
    applyCode(configuration, zip);
    const fn: LambdaFunction = {
      name,
      arn,
      site: { accountId: context.accountId, region: context.region },
      tags: new Map(Object.entries(input.Tags ?? {})),
      latest: { configuration, zip },
      versions: new Map(),
      aliases: new Map(),
      policies: new Map(),
      urls: new Map(),
      asyncSettings: new Map(),
      running: 0,
      stranger: isStranger(context) ? context.caller : undefined,
    };
    region.set(name, fn);
    const answer = input.Publish ? publish(fn, context) : configuration;
    return { ...answer, State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
  };
}

/** Makes a numbered version of what `$LATEST` is now, unless the newest one is the same. */
export function publish(fn: LambdaFunction, context: CallContext, description?: string): FunctionConfiguration {
  const newest = [...fn.versions.values()].pop();
  const { CodeSha256, RevisionId } = fn.latest.configuration;
  if (newest && newest.configuration.CodeSha256 === CodeSha256 && newest.publishedFrom === RevisionId) {
    return newest.configuration;
  }
  const number = String(1 + Number(newest?.configuration.Version ?? 0));
  const configuration: FunctionConfiguration = {
    ...fn.latest.configuration,
    FunctionArn: `${fn.arn}:${number}`,
    Version: number,
    Description: description ?? fn.latest.configuration.Description,
  };
  touch(configuration, context.world.now());
  fn.versions.set(number, { configuration, zip: fn.latest.zip, publishedFrom: RevisionId });
  return configuration;
}

function getFunction(functions: Functions): Handler {
  return (input: GetFunctionRequest, context) => {
    const { fn, version, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
    const place = `${fn.site.region}/${fn.site.accountId}/${fn.name}.zip`;
    const location = `${functions.world.endpoint}/_lambda/code/${place}?revision=${fn.latest.configuration.RevisionId}`;
    const configuration = version.configuration;
    return {
      Configuration: qualifier ? { ...configuration, FunctionArn: `${fn.arn}:${qualifier}` } : configuration,
      Code: { RepositoryType: 'S3', Location: location },
      Tags: fn.tags.size > 0 ? Object.fromEntries(fn.tags) : undefined,
      Concurrency:
        fn.reservedConcurrency === undefined ? undefined : { ReservedConcurrentExecutions: fn.reservedConcurrency },
    };
  };
}

function updateCode(functions: Functions, pool: Pool): Handler {
  return async (input: UpdateFunctionCodeRequest, context) => {
    const fn = functions.at(input.FunctionName, context);
    checkRevision(fn.latest, input.RevisionId);
    const zip = await readCode(input, context);
    if (!input.DryRun) {
      pool.retire(fn.latest);
      fn.latest.zip = zip;
      fn.latest.taskRoot = undefined;
      applyCode(fn.latest.configuration, zip);
      fn.latest.configuration.Architectures = input.Architectures ?? fn.latest.configuration.Architectures;
      touch(fn.latest.configuration, context.world.now());
    }
    return input.Publish ? publish(fn, context) : fn.latest.configuration;
  };
}

function checkRevision(version: Version, revision: string | undefined): void {
  if (revision && revision !== version.configuration.RevisionId) {
    throw new ServiceError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      412,
      { Type: 'User' },
    );
  }
}

function updateConfiguration(functions: Functions, pool: Pool): Handler {
  return async (input: UpdateFunctionConfigurationRequest, context) => {
    const fn = functions.at(input.FunctionName, context);
    checkRevision(fn.latest, input.RevisionId);
    checkSettings(input);
    if (input.Role && input.Role !== fn.latest.configuration.Role) {
      await checkRole(functions, input.Role, fn.arn, context);
    }
    applySettings(fn.latest.configuration, input, context.world.now());
    pool.retire(fn.latest);
    return fn.latest.configuration;
  };
}

function deleteFunction(functions: Functions, pool: Pool): Handler {
  return (input: DeleteFunctionRequest, context) => {
    const { fn, version, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
    if (!qualifier) {
      for (const one of [fn.latest, ...fn.versions.values()]) {
        pool.retire(one);
      }
      functions.regions.at(fn.site).delete(fn.name);
      return {};
    }
    if (version === fn.latest) {
      throw invalid('$LATEST version cannot be deleted without deleting the function.');
    }
    if (fn.aliases.has(qualifier) || [...fn.aliases.values()].some((alias) => alias.functionVersion === qualifier)) {
      throw conflict(`Function version ${qualifier} is referenced by an alias and cannot be deleted.`);
    }
    pool.retire(version);
    fn.versions.delete(qualifier);
    return {};
  };
}

function concurrency(functions: Functions): Record<string, Handler> {
  const answer = (fn: LambdaFunction) => ({ ReservedConcurrentExecutions: fn.reservedConcurrency });
  return {
    PutFunctionConcurrency: (input: PutFunctionConcurrencyRequest, context) => {
      const fn = functions.at(input.FunctionName, context);
      fn.reservedConcurrency = input.ReservedConcurrentExecutions;
      return answer(fn);
    },
    GetFunctionConcurrency: (input, context) => answer(functions.at(input.FunctionName, context)),
    DeleteFunctionConcurrency: (input, context) => {
      functions.at(input.FunctionName, context).reservedConcurrency = undefined;
    },
  };
}

/** Creating, reading, changing and deleting functions. */
export function functionOperations(functions: Functions, pool: Pool): Record<string, Handler> {
  return {
    CreateFunction: createFunction(functions),
    GetFunction: getFunction(functions),
    GetFunctionConfiguration: (input, context) => {
      const { fn, version, qualifier } = functions.resolve(input.FunctionName, input.Qualifier, context);
      const configuration = version.configuration;
      return qualifier ? { ...configuration, FunctionArn: `${fn.arn}:${qualifier}` } : configuration;
    },
    UpdateFunctionCode: updateCode(functions, pool),
    UpdateFunctionConfiguration: updateConfiguration(functions, pool),
    DeleteFunction: deleteFunction(functions, pool),
    ListFunctions: (input: ListFunctionsRequest, context) => {
      const all = [...functions.regions.at(context).values()].flatMap((fn) =>
        input.FunctionVersion === 'ALL' ? [fn.latest, ...fn.versions.values()] : [fn.latest],
      );
      const page = paginate(all, {
        token: input.Marker,
        size: input.MaxItems,
        maximum: 50,
        invalidCode: 'InvalidParameterValueException',
      });
      return { Functions: page.items.map((version) => version.configuration), NextMarker: page.nextToken };
    },
    GetAccountSettings: (_input, context) => {
      const all = [...functions.regions.at(context).values()];
      const reserved = all.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
      return {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: 1000,
          UnreservedConcurrentExecutions: 1000 - reserved,
        },
        AccountUsage: {
          TotalCodeSize: all.reduce((sum, fn) => sum + fn.latest.zip.length, 0),
          FunctionCount: all.length,
        },
      };
    },
    GetFunctionCodeSigningConfig: (input, context) => ({
      FunctionName: functions.at(input.FunctionName, context).name,
    }),
    GetRuntimeManagementConfig: (input, context) => ({
      UpdateRuntimeOn: 'Auto',
      FunctionArn: functions.at(input.FunctionName, context).arn,
    }),
    GetFunctionRecursionConfig: (input, context) => {
      functions.at(input.FunctionName, context);
      return { RecursiveLoop: 'Terminate' };
    },
    ...concurrency(functions),
    ...tagging(functions),
  };
}

function tagging(functions: Functions): Record<string, Handler> {
  const find = (arn: string, context: CallContext) => {
    const fn = functions.find(arn, context);
    if (!fn) {
      throw notFound(`Function not found: ${arn}`);
    }
    return fn;
  };
  return {
    TagResource: (input: { Resource: string; Tags: Record<string, string> }, context) => {
      const fn = find(input.Resource, context);
      for (const [key, value] of Object.entries(input.Tags)) {
        fn.tags.set(key, value);
      }
    },
    UntagResource: (input: { Resource: string; TagKeys: string[] }, context) => {
      const fn = find(input.Resource, context);
      for (const key of input.TagKeys) {
        fn.tags.delete(key);
      }
    },
    ListTags: (input: { Resource: string }, context) => ({
      Tags: Object.fromEntries(find(input.Resource, context).tags),
    }),
  };
}
