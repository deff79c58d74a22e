import { randomUUID } from 'node:crypto';
import type { CallContext } from '../../core/service';
import { validationError } from '../errors';
import type { Value, ValueMap } from '../template/model';
import type { Invocation } from './invocation';

/** What a macro's function is told beside the fragment. */
export interface MacroCall {
  readonly functionName: string;
  readonly invocation: Invocation;
  readonly templateParameters: ValueMap;
}

interface MacroAnswer {
  status?: unknown;
  fragment?: Value;
  errorMessage?: unknown;
}

function answerOf(payload: Uint8Array | undefined, transformId: string): MacroAnswer {
  try {
    const answer = JSON.parse(Buffer.from(payload ?? []).toString('utf8')) as MacroAnswer | null;
    if (answer && typeof answer.status === 'string') {
      return answer;
    }
  } catch {
    // Told below, as any other answer that is none.
  }
  throw validationError(`Received malformed response from transform ${transformId}`);
}

/** Has a function of the account rewrite a fragment. @throws ServiceError `ValidationError` */
export async function runMacro(call: MacroCall, fragment: Value, context: CallContext): Promise<Value> {
  const { invocation, functionName } = call;
  const transformId = `${context.accountId}::${invocation.name}`;
  const event = {
    accountId: context.accountId,
    fragment,
    transformId,
    requestId: randomUUID(),
    region: context.region,
    params: invocation.parameters,
    templateParameterValues: call.templateParameters,
  };
  const { Payload } = await context.world.call<{ Payload?: Uint8Array }>(
    'lambda',
    'Invoke',
    { FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) },
    { caller: context.caller, region: context.region, via: 'cloudformation.amazonaws.com' },
  );
  const answer = answerOf(Payload, transformId);
  if (String(answer.status).toLowerCase() !== 'success') {
    const said = answer.errorMessage === undefined ? '' : String(answer.errorMessage);
    throw validationError(
      said === ''
        ? `Transform ${transformId} failed without an error message.`
        : `Transform ${transformId} failed with: ${said}`,
    );
  }
  return answer.fragment ?? null;
}
