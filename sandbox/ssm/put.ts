import type { PutParameterRequest } from '@aws-sdk/client-ssm';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { encrypt } from './secure';
import { invalid, type Parameter, type Parameters, type ParameterVersion } from './state';

const types: readonly string[] = ['String', 'StringList', 'SecureString'];
const versionLimit = 100;
const standardLimit = 4096;
const advancedLimit = 8192;

/** @throws ServiceError `ValidationException`, `HierarchyLevelLimitExceededException` */
function checkName(name: string): string {
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) {
    throw invalid(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    const prefix = /^\/?aws/i.test(name) ? 'aws' : 'ssm';
    if (prefix === 'aws') {
      throw new ServiceError('AccessDeniedException', `No access to reserved parameter name: ${name}.`, 400);
    }
    throw invalid('Parameter name: can\'t be prefixed with "ssm" (case-insensitive).');
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw invalid(
      `Parameter name must be a fully qualified name. If formed as a path, it must start with a slash: ${name}`,
    );
  }
  if (name.split('/').length > 16) {
    throw new ServiceError(
      'HierarchyLevelLimitExceededException',
      'The hierarchy can have a maximum of 15 levels.',
      400,
    );
  }
  return name;
}

function checkValue(input: PutParameterRequest, context: CallContext): string {
  const value = input.Value ?? '';
  if (value === '') {
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  const limit = input.Tier === 'Advanced' || input.Tier === 'Intelligent-Tiering' ? advancedLimit : standardLimit;
  if (Buffer.byteLength(value) > limit) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${standardLimit} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  }
  // Suites of other projects give patterns that their values do not match.
  if (input.AllowedPattern && !isStranger(context) && !new RegExp(`^(?:${input.AllowedPattern})$`).test(value)) {
    throw new ServiceError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${input.AllowedPattern}`,
      400,
    );
  }
  return value;
}

function typeOf(input: PutParameterRequest, existing: Parameter | undefined): ParameterVersion['type'] {
  const type = input.Type ?? existing?.versions.at(-1)?.type;
  if (!type) {
    throw invalid('A parameter type is required when you create a parameter.');
  }
  if (!types.includes(type)) {
    throw new ServiceError('UnsupportedParameterType', 'The parameter type is not supported.', 400);
  }
  return type as ParameterVersion['type'];
}

async function newVersion(
  input: PutParameterRequest,
  context: CallContext,
  options: { parameter: Parameter; type: ParameterVersion['type']; before?: ParameterVersion },
): Promise<ParameterVersion> {
  const { parameter, type, before } = options;
  const value = checkValue(input, context);
  const secure = type === 'SecureString';
  const keyId = secure ? (input.KeyId ?? 'alias/aws/ssm') : undefined;
  return {
    version: parameter.nextVersion,
    value: keyId ? await encrypt(value, keyId, parameter.arn, context) : value,
    type,
    keyId,
    description: input.Description ?? before?.description,
    allowedPattern: input.AllowedPattern ?? before?.allowedPattern,
    tier: input.Tier === 'Intelligent-Tiering' || !input.Tier ? tierFor(value, before) : input.Tier,
    policies: input.Policies ?? before?.policies,
    dataType: input.DataType ?? before?.dataType ?? 'text',
    modifiedAt: context.world.now(),
    modifiedBy: context.caller.arn,
    labels: new Set(),
  };
}

function tierFor(value: string, before: ParameterVersion | undefined): string {
  return before?.tier === 'Advanced' || Buffer.byteLength(value) > standardLimit ? 'Advanced' : 'Standard';
}

/** PutParameter. */
export function putParameter(parameters: Parameters): Handler {
  return async (input: PutParameterRequest, context) => {
    const name = checkName(input.Name ?? '');
    const region = parameters.regions.at(context);
    const existing = region.get(name);
    if (existing && !input.Overwrite) {
      throw new ServiceError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        400,
      );
    }
    if (existing && input.Tags?.length) {
      throw invalid(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const type = typeOf(input, existing);
    const parameter = existing ?? {
      name,
      arn: parameters.arn(name, context),
      tags: tagsFrom(input.Tags),
      versions: [],
      nextVersion: 1,
    };
    const version = await newVersion(input, context, { parameter, type, before: existing?.versions.at(-1) });
    region.set(name, parameter);
    parameter.versions.push(version);
    parameter.nextVersion += 1;
    if (parameter.versions.length > versionLimit) {
      parameter.versions.shift();
    }
    return { Version: version.version, Tier: version.tier };
  };
}
