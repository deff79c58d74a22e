import type {
  AddTagsToResourceRequest,
  DeleteParameterRequest,
  DeleteParametersRequest,
  LabelParameterVersionRequest,
  ListTagsForResourceRequest,
  RemoveTagsFromResourceRequest,
} from '@aws-sdk/client-ssm';
import * as schemas from '@aws-sdk/client-ssm';
import { parseArn } from '../common/arn';
import { removeTags, requestTagConditions, resourceTagConditions, setTags, tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { AuthorizationRequest, CallContext, Handler, ServiceFactory } from '../core/service';
import { putParameter } from './put';
import { readOperations } from './read';
import { Parameters, parameterNotFound } from './state';

interface Input {
  Name?: string;
  Names?: string[];
  Path?: string;
  ResourceId?: string;
  Tags?: { Key?: string; Value?: string }[];
}

function authorization(
  parameters: Parameters,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const action = `ssm:${operation}`;
  const names = input.Names ?? [input.Name ?? input.Path ?? input.ResourceId].filter((name) => name !== undefined);
  if (names.length === 0) {
    return [{ action, resources: ['*'] }];
  }
  const requested = requestTagConditions(tagsFrom(input.Tags));
  return names.map((text) => {
    const { name, site } = Parameters.split(text);
    const tags = parameters.find(text, context)?.parameter.tags ?? new Map<string, string>();
    const resource = parameters.arn(name, site ?? context).replace(/(?<=.)\/$/, '');
    return {
      action,
      resources: [resource],
      resourceAccountId: parseArn(text)?.accountId,
      conditions: { ...requested, ...resourceTagConditions(tags) },
    };
  });
}

function labels(parameters: Parameters): Record<string, Handler> {
  return {
    LabelParameterVersion: (input: LabelParameterVersionRequest, context) => {
      const found = parameters.find(input.Name ?? '', context);
      if (!found) {
        throw parameterNotFound();
      }
      const { parameter } = found;
      const wanted = input.ParameterVersion ?? parameter.versions.at(-1)?.version;
      const version = parameter.versions.find((one) => one.version === wanted);
      if (!version) {
        throw new ServiceError(
          'ParameterVersionNotFound',
          `Systems Manager could not find version ${wanted} of ${input.Name}. Verify the version and try again.`,
          400,
        );
      }
      const invalidLabels = (input.Labels ?? []).filter((label) => !/^(?!aws|ssm|\d)[\w.-]{1,100}$/i.test(label));
      for (const label of (input.Labels ?? []).filter((one) => !invalidLabels.includes(one))) {
        for (const other of parameter.versions) {
          other.labels.delete(label);
        }
        version.labels.add(label);
      }
      return { InvalidLabels: invalidLabels, ParameterVersion: version.version };
    },
    UnlabelParameterVersion: (input: LabelParameterVersionRequest, context) => {
      const version = parameters.find(`${input.Name}:${input.ParameterVersion}`, context)?.version;
      const removed = (input.Labels ?? []).filter((label) => version?.labels.delete(label));
      return {
        RemovedLabels: removed,
        InvalidLabels: (input.Labels ?? []).filter((label) => !removed.includes(label)),
      };
    },
  };
}

function tagOperations(parameters: Parameters): Record<string, Handler> {
  const tagsOf = (input: { ResourceType?: string; ResourceId?: string }, context: CallContext) => {
    const found = input.ResourceType === 'Parameter' ? parameters.find(input.ResourceId ?? '', context) : undefined;
    if (!found) {
      throw new ServiceError(
        'InvalidResourceId',
        `The resource ID "${input.ResourceId}" is not valid. Verify the ID and try again.`,
        400,
      );
    }
    return found.parameter.tags;
  };
  return {
    AddTagsToResource: (input: AddTagsToResourceRequest, context) => {
      setTags(tagsOf(input, context), input.Tags);
      return {};
    },
    RemoveTagsFromResource: (input: RemoveTagsFromResourceRequest, context) => {
      removeTags(tagsOf(input, context), input.TagKeys);
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest, context) => ({ TagList: tagList(tagsOf(input, context)) }),
  };
}

function deletion(parameters: Parameters): Record<string, Handler> {
  return {
    DeleteParameter: (input: DeleteParameterRequest, context) => {
      if (!parameters.regions.at(context).delete(input.Name ?? '')) {
        throw parameterNotFound();
      }
      return {};
    },
    DeleteParameters: (input: DeleteParametersRequest, context) => {
      const region = parameters.regions.at(context);
      const DeletedParameters = (input.Names ?? []).filter((name) => region.delete(name));
      const InvalidParameters = (input.Names ?? []).filter((name) => !DeletedParameters.includes(name));
      return { DeletedParameters, InvalidParameters };
    },
  };
}

/** AWS Systems Manager's Parameter Store. */
export const createSsm: ServiceFactory = (world) => {
  const parameters = new Parameters(world);
  return {
    signingNames: ['ssm'],
    schemas,
    operations: {
      PutParameter: putParameter(parameters),
      ...readOperations(parameters),
      ...deletion(parameters),
      ...labels(parameters),
      ...tagOperations(parameters),
    },
    authorize: (operation, input, context) => authorization(parameters, operation, input, context),
  };
};
