import type { RawRequest } from '../core/service';
import { readCbor } from './cbor';
import { readJson } from './json';
import { readQuery } from './query';
import { parseJson, readRest } from './rest';
import { matchRoute } from './routes';
import type { OperationSchema, ProtocolName, ServiceSchema } from './schema';
import { MalformedRequest } from './values';

/** What a request asks for, before its input is read. */
export interface Asked {
  readonly protocol: ProtocolName;
  /** As the client wrote it; the operation's schema is absent when the service has none of that name. */
  readonly name: string;
  readonly operation?: OperationSchema;
  readonly form?: URLSearchParams;
  readonly labels?: Readonly<Record<string, string>>;
}

function formOf(request: RawRequest): URLSearchParams | undefined {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(request.body.toString('utf8'));
    return form.has('Action') ? form : undefined;
  }
  return request.query.has('Action') ? request.query : undefined;
}

/**
 * Finds operation and protocol. Any service answers any protocol that a client chooses: old AWS CLIs speak Query to
 * SQS and CloudWatch, new SDKs speak JSON or CBOR to the same services.
 */
export function findOperation(schema: ServiceSchema, request: RawRequest): Asked {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const name = /\/operation\/([^/]+)$/.exec(request.path)?.[1] ?? '';
    return { protocol: 'cbor', name, operation: schema.operations.get(name) };
  }
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const name = target.slice(target.lastIndexOf('.') + 1);
    return { protocol: 'json', name, operation: schema.operations.get(name) };
  }
  const form = formOf(request);
  if (form && schema.protocol !== 'rest-json' && schema.protocol !== 'rest-xml') {
    const name = form.get('Action') ?? '';
    const protocol = schema.protocol === 'ec2' ? 'ec2' : 'query';
    return { protocol, name, operation: schema.operations.get(name), form };
  }
  const protocol = schema.protocol === 'rest-xml' ? 'rest-xml' : 'rest-json';
  const match = matchRoute(schema, request);
  return { protocol, name: match?.operation.name ?? '', ...match };
}

/** Reads the operation's input. @throws MalformedRequest */
export function readInput(asked: Asked, operation: OperationSchema, request: RawRequest): unknown {
  switch (asked.protocol) {
    case 'cbor':
      return readCbor(operation.input, request.body);
    case 'json':
      return operation.input.isStructSchema() ? readJson(operation.input, jsonObject(request), false) : {};
    case 'query':
    case 'ec2': {
      const form = asked.form ?? new URLSearchParams();
      return operation.input.isStructSchema() ? readQuery(operation.input, form, asked.protocol === 'ec2') : {};
    }
    default:
      return readRest(operation, { ...request, labels: asked.labels ?? {} }, asked.protocol);
  }
}

function jsonObject(request: RawRequest): unknown {
  const value = parseJson(request.body);
  if (typeof value !== 'object' || value === null) {
    throw new MalformedRequest('The body is not a JSON object.');
  }
  return value;
}
