import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../../core/errors';
import type { ValueMap } from '../../template/model';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';

/** What a custom resource's function puts to its response address. */
export interface CustomResponse {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: ValueMap;
}

/** Requests that wait for an answer, by the secret in their address. */
export class CustomResponses {
  private readonly waiting = new Map<string, (response: CustomResponse) => void>();

  /** @returns whether anybody waited for it */
  answer(token: string, response: CustomResponse): boolean {
    const resolve = this.waiting.get(token);
    this.waiting.delete(token);
    resolve?.(response);
    return resolve !== undefined;
  }

  wait(token: string, milliseconds: number): Promise<CustomResponse> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(token);
        reject(
          new ServiceError(
            'NotStabilized',
            'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId.',
          ),
        );
      }, milliseconds);
      timer.unref();
      this.waiting.set(token, (response) => {
        clearTimeout(timer);
        resolve(response);
      });
    });
  }
}

type RequestType = 'Create' | 'Update' | 'Delete';

/** CloudFormation gives properties on as text. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(stringified);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stringified(each)]));
  }
  return String(value);
}

async function send(
  responses: CustomResponses,
  context: ResourceContext,
  type: RequestType,
  properties: ValueMap,
  more: { physicalId?: string; before?: ValueMap } = {},
): Promise<CustomResponse> {
  const token = randomUUID();
  const RequestId = randomUUID();
  const timeoutSeconds = Number(properties.ServiceTimeout ?? 3600);
  const answered = responses.wait(token, timeoutSeconds * 1000);
  const event = {
    RequestType: type,
    ServiceToken: properties.ServiceToken,
    ResponseURL: `${context.world.endpoint}/_cloudformation/response/${token}`,
    StackId: context.stackId,
    RequestId,
    LogicalResourceId: context.logicalId,
    ...(more.physicalId === undefined ? {} : { PhysicalResourceId: more.physicalId }),
    ResourceType: context.type,
    ResourceProperties: stringified(properties),
    ...(more.before === undefined ? {} : { OldResourceProperties: stringified(more.before) }),
  };
  const failed = deliver(context, String(properties.ServiceToken), event);
  const response = await Promise.race([answered, failed.then(() => answered)]);
  if (response.Status !== 'SUCCESS') {
    throw new ServiceError(
      'CustomResourceFailed',
      `Received response status [FAILED] from custom resource. Message returned: ${response.Reason} (RequestId: ${RequestId})`,
    );
  }
  return response;
}

/** To a function, or to a topic that somebody listens to. */
async function deliver(context: ResourceContext, target: string, event: unknown): Promise<void> {
  const message = JSON.stringify(event);
  if (target.split(':')[2] === 'sns') {
    await context.call('sns', 'Publish', {
      TopicArn: target,
      Subject: 'AWS CloudFormation custom resource request',
      Message: message,
    });
    return;
  }
  await context.call('lambda', 'Invoke', {
    FunctionName: target,
    InvocationType: 'Event',
    Payload: Buffer.from(message),
  });
}

function provided(response: CustomResponse, fallback: string): ProvidedResource {
  return { physicalId: response.PhysicalResourceId ?? fallback, attributes: response.Data ?? {} };
}

/** AWS::CloudFormation::CustomResource and Custom::*: a function of the account makes the resource. */
export function customResource(responses: CustomResponses): ResourceProvider {
  return {
    async create(context, properties) {
      const response = await send(responses, context, 'Create', properties);
      if (response.PhysicalResourceId === undefined) {
        throw new ServiceError('CustomResourceFailed', 'Invalid PhysicalResourceId');
      }
      return provided(response, '');
    },
    async update(context, physicalId, properties, before) {
      const response = await send(responses, context, 'Update', properties, { physicalId, before });
      const made = provided(response, physicalId);
      if (made.physicalId !== physicalId) {
        // A new physical id means a replacement: the old resource goes.
        await send(responses, context, 'Delete', before, { physicalId });
      }
      return made;
    },
    async delete(context, physicalId, properties) {
      await send(responses, context, 'Delete', properties, { physicalId });
    },
  };
}
