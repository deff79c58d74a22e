import { NormalizedSchema } from '@smithy/core/schema';

/** How the parts of an operation travel, as the SDK's static schemas tell it. */
export interface OperationSchema {
  readonly name: string;
  /** Method, path template and status of REST protocols. */
  readonly http?: readonly [string, string, number];
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** An error shape, found by its name or by the code it had in the Query protocol. */
export interface ErrorSchema {
  readonly namespace: string;
  readonly name: string;
  readonly queryCode: string;
  readonly status: number;
  readonly shape: NormalizedSchema;
}

export type ProtocolName = 'json' | 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 'cbor';

/** What one SDK client knows about its service's wire. */
export interface ServiceSchema {
  readonly protocol: ProtocolName;
  readonly namespace: string;
  readonly xmlNamespace: string;
  readonly version: string;
  /** Errors of the Query days travel in `x-amzn-query-error` (SQS, CloudWatch). */
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  readonly errors: ReadonlyMap<string, ErrorSchema>;
}

interface ProtocolSettings {
  defaultNamespace?: string;
  xmlNamespace?: string;
  version?: string;
  awsQueryCompatible?: boolean;
}

interface ClientConfig {
  protocol: { getShapeId?(): string } | (new (settings: ProtocolSettings) => { getShapeId(): string });
  protocolSettings?: ProtocolSettings;
}

type ClientClass = new (options: object) => { config: ClientConfig };

const protocolNames: Readonly<Record<string, ProtocolName>> = {
  'aws.protocols#awsJson1_0': 'json',
  'aws.protocols#awsJson1_1': 'json',
  'aws.protocols#awsQuery': 'query',
  'aws.protocols#ec2Query': 'ec2',
  'aws.protocols#restJson1': 'rest-json',
  'aws.protocols#restXml': 'rest-xml',
  'smithy.protocols#rpcv2Cbor': 'cbor',
};

/** Settings of the module's client; none for a service outside AWS, such as the local Slack. */
function clientConfig(module: Readonly<Record<string, unknown>>): ClientConfig {
  const name = Object.keys(module).find((key) => key.endsWith('Client') && !key.startsWith('_') && key !== 'Client');
  return name ? new (module[name] as ClientClass)({ region: 'us-east-1' }).config : { protocol: {} };
}

function operationOf(schema: readonly unknown[]): OperationSchema {
  const traits = (schema[3] || {}) as { http?: [string, string, number] };
  const shape = (reference: unknown) => {
    const resolved = typeof reference === 'function' ? reference() : reference;
    return NormalizedSchema.of(resolved as never);
  };
  return { name: String(schema[2]), http: traits.http, input: shape(schema[4]), output: shape(schema[5]) };
}

function errorOf(schema: readonly unknown[]): ErrorSchema {
  const shape = NormalizedSchema.of(schema as never);
  const traits = shape.getMergedTraits() as { httpError?: number; error?: string; awsQueryError?: [string, number] };
  const name = String(schema[2]);
  return {
    namespace: String(schema[1]),
    name,
    queryCode: traits.awsQueryError?.[0] ?? name,
    status: traits.httpError ?? traits.awsQueryError?.[1] ?? (traits.error === 'server' ? 500 : 400),
    shape,
  };
}

/** Of a service that answers plain HTTP only. */
const nothing: ServiceSchema = {
  protocol: 'json',
  namespace: '',
  xmlNamespace: '',
  version: '',
  queryCompatible: false,
  operations: new Map(),
  errors: new Map(),
};

const cache = new WeakMap<object, ServiceSchema>();

/** Reads a client module's schemas once. */
export function serviceSchema(module: Readonly<Record<string, unknown>>): ServiceSchema {
  const known = cache.get(module);
  if (known) {
    return known;
  }
  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, ErrorSchema>();
  for (const [key, value] of Object.entries(module)) {
    if (!key.endsWith('$') || !Array.isArray(value)) {
      continue;
    }
    if (value[0] === 9) {
      operations.set(String(value[2]), operationOf(value));
    } else if (value[0] === -3) {
      const error = errorOf(value);
      errors.set(error.name, error);
      errors.set(error.queryCode, errors.get(error.queryCode) ?? error);
    }
  }
  if (Object.keys(module).length === 0) {
    return nothing;
  }
  const config = clientConfig(module);
  const settings = config.protocolSettings ?? {};
  const instance = typeof config.protocol === 'function' ? new config.protocol(settings) : config.protocol;
  const schema: ServiceSchema = {
    protocol: protocolNames[instance.getShapeId?.() ?? ''] ?? 'json',
    namespace: settings.defaultNamespace ?? '',
    xmlNamespace: settings.xmlNamespace ?? '',
    version: settings.version ?? '',
    queryCompatible: settings.awsQueryCompatible ?? false,
    operations,
    errors,
  };
  cache.set(module, schema);
  return schema;
}

/** How many of a structure's members, from the first, are required. */
export function requiredCount(shape: NormalizedSchema): number {
  const schema = shape.getSchema();
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}
