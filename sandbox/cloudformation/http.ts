import type { HttpRequest, HttpResponse } from '../core/service';
import type { CustomResponse, CustomResponses } from './resources/cloudformation/custom';
import type { StackStore } from './stacks/state';

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const plain = (status: number): HttpResponse => ({ status, body: '' });

/** A signal for the wait condition that names this handle. */
function signal(stacks: StackStore, stackId: string, handle: string, body: Record<string, unknown>): HttpResponse {
  const stack = stacks.byArn(stackId);
  const url = stack?.resources.get(handle)?.physicalId;
  const condition = [...(stack?.resources.values() ?? [])].find((resource) => resource.properties.Handle === url);
  if (!stack || !condition || url === undefined) {
    return plain(404);
  }
  const signals = stack.signals.get(condition.logicalId) ?? new Map();
  signals.set(String(body.UniqueId ?? ''), body.Status === 'FAILURE' ? 'FAILURE' : 'SUCCESS');
  stack.signals.set(condition.logicalId, signals);
  const data = JSON.parse(String(condition.attributes.Data ?? '{}')) as Record<string, unknown>;
  condition.attributes = {
    ...condition.attributes,
    Data: JSON.stringify({ ...data, [String(body.UniqueId)]: body.Data }),
  };
  return plain(200);
}

/** The addresses that custom resources and wait conditions answer to. */
export function answerHttp(
  request: HttpRequest,
  stacks: StackStore,
  responses: CustomResponses,
): HttpResponse | undefined {
  const [, , kind, first = '', second = ''] = request.path.split('/').map(decodeURIComponent);
  const body = parsed(request.body);
  if (request.method !== 'PUT' || !body) {
    return plain(400);
  }
  if (kind === 'response') {
    return plain(responses.answer(first, body as CustomResponse) ? 200 : 403);
  }
  return kind === 'signal' ? signal(stacks, first, second, body) : undefined;
}
