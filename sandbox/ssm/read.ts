import type {
  DescribeParametersRequest,
  GetParameterHistoryRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  GetParametersRequest,
  ParameterStringFilter,
} from '@aws-sdk/client-ssm';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { publicParameter } from './publicParameters';
import { decrypt } from './secure';
import { invalid, type Parameter, Parameters, type ParameterVersion, parameterNotFound } from './state';

async function plainValue(parameter: Parameter, version: ParameterVersion, decrypted: boolean, context: CallContext) {
  return version.type === 'SecureString' && decrypted ? decrypt(version.value, parameter.arn, context) : version.value;
}

async function answered(
  parameter: Parameter,
  version: ParameterVersion,
  context: CallContext,
  options: { decrypted?: boolean; selector?: string },
) {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: await plainValue(parameter, version, options.decrypted ?? false, context),
    Version: version.version,
    Selector: options.selector === undefined ? undefined : `:${options.selector}`,
    LastModifiedDate: version.modifiedAt,
    ARN: parameter.arn,
    DataType: version.dataType,
  };
}

function getParameter(parameters: Parameters): Handler {
  return async (input: GetParameterRequest, context) => {
    const name = input.Name ?? '';
    const found = parameters.find(name, context) ?? (await publicParameter(name, context));
    if (!found) {
      const { name: bare, selector } = Parameters.split(name);
      if (selector !== undefined && parameters.find(bare, context)) {
        const isNumber = /^\d+$/.test(selector);
        throw new ServiceError(
          'ParameterVersionNotFound',
          isNumber
            ? `Systems Manager could not find version ${selector} of ${bare}.`
            : `Systems Manager could not find label ${selector} of ${bare}.`,
          400,
        );
      }
      throw parameterNotFound();
    }
    const { parameter, version, selector } = found;
    return { Parameter: await answered(parameter, version, context, { decrypted: input.WithDecryption, selector }) };
  };
}

function getParameters(parameters: Parameters): Handler {
  return async (input: GetParametersRequest, context) => {
    const names = input.Names ?? [];
    if (names.length > 10) {
      throw invalid(
        `1 validation error detected: Value '[${names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10`,
      );
    }
    const found = [];
    const InvalidParameters: string[] = [];
    for (const name of names) {
      const one = parameters.find(name, context) ?? (await publicParameter(name, context));
      if (one) {
        const options = { decrypted: input.WithDecryption, selector: one.selector };
        found.push(await answered(one.parameter, one.version, context, options));
      } else {
        InvalidParameters.push(name);
      }
    }
    return { Parameters: found, InvalidParameters };
  };
}

function compare(value: string, filter: ParameterStringFilter): boolean {
  const values = filter.Values ?? [];
  if (filter.Option === 'BeginsWith') {
    return values.some((one) => value.startsWith(one));
  }
  return filter.Option === 'Contains' ? values.some((one) => value.includes(one)) : values.includes(value);
}

function underPath(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/'));
}

function passes(parameter: Parameter, filter: ParameterStringFilter): boolean {
  const version = parameter.versions.at(-1);
  const key = filter.Key ?? '';
  if (key.startsWith('tag:')) {
    const value = parameter.tags.get(key.slice(4));
    return value !== undefined && (!filter.Values?.length || filter.Values.includes(value));
  }
  switch (key) {
    case 'Name':
      return compare(parameter.name, filter) || compare(parameter.name.replace(/^\//, ''), filter);
    case 'Path':
      return (filter.Values ?? []).some((path) => underPath(parameter.name, path, filter.Option === 'Recursive'));
    case 'Type':
      return compare(version?.type ?? '', filter);
    case 'KeyId':
      return compare(version?.keyId ?? '', filter);
    case 'Tier':
      return compare(version?.tier ?? '', filter);
    case 'DataType':
      return compare(version?.dataType ?? '', filter);
    case 'Label':
      return parameter.versions.some((one) => filter.Values?.some((label) => one.labels.has(label)));
    default:
      throw new ServiceError(
        'InvalidFilterKey',
        `The following filter key is not valid: ${key}. Valid filter keys include: [Path, Name, Type, KeyId, Tier].`,
        400,
      );
  }
}

const byName = (a: Parameter, b: Parameter) => (a.name < b.name ? -1 : 1);

function byPath(parameters: Parameters): Handler {
  return async (input: GetParametersByPathRequest, context) => {
    const path = input.Path ?? '';
    if (!path.startsWith('/')) {
      throw invalid(
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
      );
    }
    const all = [...parameters.regions.at(context).values()]
      .filter((one) => underPath(one.name, path, input.Recursive ?? false))
      .filter((one) => (input.ParameterFilters ?? []).every((filter) => passes(one, filter)))
      .sort(byName);
    const page = paginate(all, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 10,
      invalidCode: 'InvalidNextToken',
    });
    const found = [];
    for (const parameter of page.items) {
      const version = parameter.versions.at(-1);
      if (version) {
        found.push(await answered(parameter, version, context, { decrypted: input.WithDecryption }));
      }
    }
    return { Parameters: found, NextToken: page.nextToken };
  };
}

function metadata(parameter: Parameter, version: ParameterVersion) {
  return {
    Name: parameter.name,
    Type: version.type,
    KeyId: version.keyId,
    LastModifiedDate: version.modifiedAt,
    LastModifiedUser: version.modifiedBy,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    Policies: version.policies ? [{ PolicyText: version.policies }] : [],
    DataType: version.dataType,
  };
}

function describe(parameters: Parameters): Handler {
  return (input: DescribeParametersRequest, context) => {
    const legacy = (input.Filters ?? []).map(({ Key, Values }) => ({
      Key,
      Values,
      Option: Key === 'Name' ? 'BeginsWith' : 'Equals',
    }));
    const filters = [...legacy, ...(input.ParameterFilters ?? [])];
    const all = [...parameters.regions.at(context).values()]
      .filter((one) => filters.every((filter) => passes(one, filter)))
      .sort(byName);
    const page = paginate(all, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 50,
      invalidCode: 'InvalidNextToken',
    });
    const found = page.items.flatMap((one) => {
      const version = one.versions.at(-1);
      return version ? [{ ...metadata(one, version), ARN: one.arn }] : [];
    });
    return { Parameters: found, NextToken: page.nextToken };
  };
}

function history(parameters: Parameters): Handler {
  return async (input: GetParameterHistoryRequest, context) => {
    const found = parameters.find(input.Name ?? '', context);
    if (!found) {
      throw parameterNotFound();
    }
    const { parameter } = found;
    const page = paginate(parameter.versions, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 50,
      invalidCode: 'InvalidNextToken',
    });
    const entries = [];
    for (const version of page.items) {
      const Value = await plainValue(parameter, version, input.WithDecryption ?? false, context);
      entries.push({ ...metadata(parameter, version), Value, Labels: [...version.labels] });
    }
    return { Parameters: entries, NextToken: page.nextToken };
  };
}

/** Reading parameters: one, several, by path, their metadata and history. */
export function readOperations(parameters: Parameters): Record<string, Handler> {
  return {
    GetParameter: getParameter(parameters),
    GetParameters: getParameters(parameters),
    GetParametersByPath: byPath(parameters),
    DescribeParameters: describe(parameters),
    GetParameterHistory: history(parameters),
  };
}
