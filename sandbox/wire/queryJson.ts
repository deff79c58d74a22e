import type { ServiceError } from '../core/errors';
import { writeJson } from './json';
import type { OperationSchema } from './schema';

/** Whether a client of the Query protocol asks for JSON instead of XML, as the older services allow. */
export function wantsJson(accept: string | undefined): boolean {
  return accept?.split(',').some((type) => type.trim().startsWith('application/json')) ?? false;
}

/** The Query protocol's answer in JSON; moments are seconds since 1970. */
export function queryJson(operation: OperationSchema, output: unknown, requestId: string): string {
  const { name } = operation;
  const result = operation.output.isStructSchema()
    ? { [`${name}Result`]: writeJson(operation.output, output ?? {}, false) }
    : {};
  return JSON.stringify({ [`${name}Response`]: { ...result, ResponseMetadata: { RequestId: requestId } } });
}

export function queryJsonError(error: ServiceError, code: string, status: number, requestId: string): string {
  const Type = status >= 500 ? 'Receiver' : 'Sender';
  return JSON.stringify({ Error: { Type, Code: code, Message: error.message }, RequestId: requestId });
}
