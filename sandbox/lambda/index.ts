import * as schemas from '@aws-sdk/client-lambda';
import { requestTagConditions, resourceTagConditions } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { functionOperations } from './functions';
import { lambdaHttp } from './http';
import { Invoker } from './invoke';
import { Mappings } from './mappings';
import { permissionOperations, policyOf } from './permissions';
import { Pool } from './pool';
import { Functions } from './state';
import { versionOperations } from './versions';

interface Input {
  FunctionName?: string;
  Qualifier?: string;
  Resource?: string;
  Role?: string;
  Tags?: Record<string, string>;
  UUID?: string;
}

const actions: Record<string, string> = { Invoke: 'InvokeFunction' };
const onEverything = ['ListFunctions', 'GetAccountSettings', 'ListEventSourceMappings', 'ListLayers'];

const tagsOf = ({ Tags = {} }: Input) => new Map(Object.entries(Tags));

function mappingRequest(
  action: string,
  input: Input,
  context: CallContext,
  { functions, mappings }: { functions: Functions; mappings: Mappings },
): AuthorizationRequest[] {
  const named = input.FunctionName ? functions.find(input.FunctionName, context)?.arn : undefined;
  const arn = named ?? mappings.functionArn(input.UUID, context);
  const conditions = arn ? { 'lambda:FunctionArn': arn } : undefined;
  const id = input.UUID ?? '*';
  const resource = `arn:${context.world.partition}:lambda:${context.region}:${context.accountId}:event-source-mapping:${id}`;
  return [{ action, resources: [input.UUID ? resource : '*'], conditions }];
}

function authorization(
  { functions, mappings }: { functions: Functions; mappings: Mappings },
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const action = `lambda:${actions[operation] ?? operation}`;
  if (onEverything.includes(operation)) {
    return [{ action, resources: ['*'] }];
  }
  if (operation.includes('EventSourceMapping')) {
    return mappingRequest(action, input, context, { functions, mappings });
  }
  if (input.Resource?.includes(':event-source-mapping:')) {
    return [{ action, resources: [input.Resource], conditions: requestTagConditions(tagsOf(input)) }];
  }
  const name = input.FunctionName ?? input.Resource;
  const place = functions.parse(name, context);
  const fn = functions.find(name, context);
  const qualifier = input.Qualifier ?? place.qualifier;
  const arn = functions.arn(place.name, place.site);
  const request: AuthorizationRequest = {
    action,
    resources: [qualifier && operation === 'Invoke' ? `${arn}:${qualifier}` : arn],
    resourceAccountId: place.site.accountId,
    resourcePolicy: fn ? policyOf({ fn, version: fn.latest, qualifier }) : undefined,
    conditions: {
      ...requestTagConditions(tagsOf(input)),
      ...resourceTagConditions(fn?.tags ?? new Map()),
    },
  };
  const passed = operation === 'CreateFunction' || operation === 'UpdateFunctionConfiguration' ? input.Role : undefined;
  const passRole = { action: 'iam:PassRole', conditions: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
  return passed ? [request, { ...passRole, resources: [passed] }] : [request];
}

/** AWS Lambda: functions that run for real, in warm child processes, fed by requests, events and queues. */
export const createLambda: ServiceFactory = (world) => {
  const functions = new Functions(world);
  const pool = new Pool(world);
  const invoker = new Invoker(world, functions, pool);
  const mappings = new Mappings(functions, invoker);
  return {
    signingNames: ['lambda'],
    schemas,
    operations: {
      ...functionOperations(functions, pool),
      ...permissionOperations(functions),
      ...versionOperations(functions),
      ...mappings.operations(),
      Invoke: invoker.handler(),
    },
    httpPaths: ['_lambda'],
    http: lambdaHttp(world, functions, invoker),
    authorize: (operation, input, context) => authorization({ functions, mappings }, operation, input, context),
    close: () => {
      mappings.close();
      pool.close();
    },
  };
};
