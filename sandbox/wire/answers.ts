import { cbor as cborModule } from '@smithy/core/cbor';
import type { ServiceError } from '../core/errors';
import { writeCbor } from './cbor';
import { writeJson } from './json';
import type { Asked } from './protocols';
import { queryJson, queryJsonError, wantsJson } from './queryJson';
import { type RestOutput, writeRest } from './rest';
import type { ErrorSchema, OperationSchema, ServiceSchema } from './schema';
import { writeXmlMembers } from './xml';
import { escapeText } from './xmlText';

/** An HTTP answer, ready to send. */
export type Answer = RestOutput;

interface AnswerTo {
  readonly schema: ServiceSchema;
  readonly asked: Asked;
  readonly requestId: string;
  /** The request's content type: JSON 1.0 and 1.1 are answered in kind. */
  readonly contentType?: string;
  /** What the client wants to read: the Query protocol also speaks JSON. */
  readonly accept?: string;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function jsonType(to: AnswerTo): string {
  return to.contentType?.startsWith('application/x-amz-json-1.0')
    ? 'application/x-amz-json-1.0'
    : 'application/x-amz-json-1.1';
}

function xmlNamespace(to: AnswerTo): string {
  return (
    to.schema.xmlNamespace ||
    (to.schema.namespace === 'com.amazonaws.sqs' ? 'http://queue.amazonaws.com/doc/2012-11-05/' : '')
  );
}

function queryBody(to: AnswerTo, operation: OperationSchema, output: unknown): string {
  const { name } = operation;
  const members = operation.output.isStructSchema() ? writeXmlMembers(operation.output, output ?? {}) : undefined;
  const open = `${declaration}<${name}Response xmlns="${xmlNamespace(to)}">`;
  if (to.asked.protocol === 'ec2') {
    return `${open}<requestId>${to.requestId}</requestId>${members ?? '<return>true</return>'}</${name}Response>`;
  }
  const result = members === undefined ? '' : `<${name}Result>${members}</${name}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${to.requestId}</RequestId></ResponseMetadata>`;
  return `${open}${result}${metadata}</${name}Response>`;
}

function queryAnswer(to: AnswerTo, operation: OperationSchema, output: unknown, headers: Record<string, string>) {
  const json = to.asked.protocol === 'query' && wantsJson(to.accept);
  const xmlType = to.asked.protocol === 'ec2' ? 'text/xml;charset=UTF-8' : 'text/xml';
  return {
    headers: { ...headers, 'content-type': json ? 'application/json' : xmlType },
    body: json ? queryJson(operation, output, to.requestId) : queryBody(to, operation, output),
  };
}

/** Writes an operation's output in the protocol that the client chose. */
export function writeOutput(to: AnswerTo, operation: OperationSchema, output: unknown): Answer {
  const headers: Record<string, string> = { 'x-amzn-requestid': to.requestId };
  switch (to.asked.protocol) {
    case 'json': {
      const empty = !operation.output.isStructSchema();
      const body = empty ? '{}' : JSON.stringify(writeJson(operation.output, output ?? {}, false));
      return { status: 200, headers: { ...headers, 'content-type': jsonType(to) }, body };
    }
    case 'cbor': {
      const body = operation.output.isStructSchema() ? writeCbor(operation.output, output ?? {}) : Buffer.alloc(0);
      const types = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
      return { status: 200, headers: { ...headers, ...types }, body };
    }
    case 'query':
    case 'ec2':
      return { status: 200, ...queryAnswer(to, operation, output, headers) };
    default: {
      const answer = writeRest(operation, output, to.asked.protocol, xmlNamespace(to));
      return { ...answer, headers: { ...s3Headers(to), ...headers, ...answer.headers } };
    }
  }
}

function s3Headers(to: AnswerTo): Record<string, string> {
  return to.asked.protocol === 'rest-xml'
    ? { 'x-amz-request-id': to.requestId, 'x-amz-id-2': Buffer.from(to.requestId).toString('base64') }
    : {};
}

function messageKey(error: ErrorSchema | undefined): string {
  if (error) {
    for (const [name, member] of error.shape.structIterator()) {
      if (name.toLowerCase() === 'message') {
        return (member.getMergedTraits().jsonName as string | undefined) ?? name;
      }
    }
  }
  return 'message';
}

function errorMembers(to: AnswerTo, error: ServiceError, known: ErrorSchema | undefined): Record<string, unknown> {
  const key = messageKey(known);
  const whole = { ...error.members, [key]: error.message };
  const json = to.asked.protocol === 'rest-json';
  const written = known ? (writeJson(known.shape, whole, json) as Record<string, unknown>) : {};
  return { ...written, [key]: error.message };
}

function errorXml(to: AnswerTo, error: ServiceError, code: string, status: number): string {
  const text = `<Code>${escapeText(code)}</Code><Message>${escapeText(error.message)}</Message>`;
  if (to.asked.protocol === 'ec2') {
    return `${declaration}<Response><Errors><Error>${text}</Error></Errors><RequestID>${to.requestId}</RequestID></Response>`;
  }
  const members = Object.entries(error.members)
    .filter(([, value]) => value !== undefined && typeof value !== 'object')
    .map(([name, value]) => `<${name}>${escapeText(String(value))}</${name}>`)
    .join('');
  if (to.schema.namespace === 'com.amazonaws.s3') {
    const host = Buffer.from(to.requestId).toString('base64');
    return `${declaration}<Error>${text}${members}<RequestId>${to.requestId}</RequestId><HostId>${host}</HostId></Error>`;
  }
  const type = status >= 500 ? 'Receiver' : 'Sender';
  const inner = `<Error><Type>${type}</Type>${text}${members}</Error><RequestId>${to.requestId}</RequestId>`;
  return `${declaration}<ErrorResponse xmlns="${xmlNamespace(to)}">${inner}</ErrorResponse>`;
}

/** Writes an error in the protocol's own shape, with the members of its schema. */
export function writeError(to: AnswerTo, error: ServiceError): Answer {
  const known = to.schema.errors.get(error.code);
  const status = error.status ?? known?.status ?? 400;
  const { protocol } = to.asked;
  const headers: Record<string, string> = { 'x-amzn-requestid': to.requestId, ...s3Headers(to) };
  if (protocol === 'rest-xml' && error.code === 'PermanentRedirect') {
    headers['x-amz-bucket-region'] = String(error.members.Region);
  }
  if (to.schema.queryCompatible && (protocol === 'json' || protocol === 'cbor')) {
    headers['x-amzn-query-error'] = `${known?.queryCode ?? error.code};${status >= 500 ? 'Receiver' : 'Sender'}`;
  }
  if (protocol === 'query' || protocol === 'ec2' || protocol === 'rest-xml') {
    const code = known?.queryCode ?? error.code;
    if (protocol === 'query' && wantsJson(to.accept)) {
      const body = queryJsonError(error, code, status, to.requestId);
      return { status, headers: { ...headers, 'content-type': 'application/json' }, body };
    }
    const type = protocol === 'rest-xml' ? 'application/xml' : 'text/xml';
    return { status, headers: { ...headers, 'content-type': type }, body: errorXml(to, error, code, status) };
  }
  const name = known?.name ?? error.code;
  const members = errorMembers(to, error, known);
  if (protocol === 'rest-json') {
    const type = { 'content-type': 'application/json', 'x-amzn-errortype': name };
    return { status, headers: { ...headers, ...type }, body: JSON.stringify(members) };
  }
  const shapeId = known ? `${known.namespace}#${known.name}` : name;
  if (protocol === 'cbor') {
    const type = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
    return { status, headers: { ...headers, ...type }, body: encodeCbor({ __type: shapeId, ...members }) };
  }
  const body = JSON.stringify({ __type: known && !to.schema.queryCompatible ? name : shapeId, ...members });
  return { status, headers: { ...headers, 'content-type': jsonType(to) }, body };
}

function encodeCbor(value: Record<string, unknown>): Buffer {
  return Buffer.from(cborModule.serialize(value));
}
