import { ServiceError } from '../core/errors';
import type { Fault } from '../core/faults';
import type { LocalWorld } from '../core/localWorld';
import { type Dialect, dialectOf, refusal } from '../core/refusals';
import { globalRegion, isGlobalService } from '../core/regions';
import type { RunningService } from '../core/registry';
import type { Caller, RawRequest } from '../core/service';
import { type Answer, writeError, writeOutput } from './answers';
import { decodeContent } from './content';
import { identify } from './identify';
import { type Asked, findOperation, readInput } from './protocols';
import { missingMember } from './required';
import type { OperationSchema, ProtocolName, ServiceSchema } from './schema';
import { type Credential, readCredential } from './signature';
import { readCredentialV2 } from './signatureV2';
import { MalformedRequest } from './values';

export interface GatewaySettings {
  readonly anyKeyAccount?: string;
}

/** What becomes of a request: an answer, or a fault of the connection. */
export type Outcome = Answer | 'drop' | 'hang';

/** Everything known about one request to a service. */
interface Exchange {
  readonly running: RunningService;
  readonly schema: ServiceSchema;
  readonly asked: Asked;
  readonly dialect: Dialect;
  readonly region: string;
  readonly request: RawRequest;
  readonly requestId: string;
  readonly credential?: Credential;
  readonly sourceIp: string;
}

/** Names that a service signs under beside its own. */
const unsignedActions: Readonly<Record<string, string>> = {
  AssumeRoleWithSAML: 'sts',
  AssumeRoleWithWebIdentity: 'sts',
  GetCallerIdentity: 'sts',
};

const queryVersions: Readonly<Record<string, string>> = {
  '2011-06-15': 'sts',
  '2010-05-08': 'iam',
  '2012-11-05': 'sqs',
  '2010-03-31': 'sns',
  '2010-05-15': 'cloudformation',
  '2016-11-15': 'ec2',
};

/** The service of a request without a credential scope, as far as its shape tells. */
function guessService(request: RawRequest): string {
  const target = request.headers['x-amz-target'];
  if (target) {
    return target.startsWith('AmazonSQS') ? 'sqs' : target.startsWith('AWSOrganizations') ? 'organizations' : 'sts';
  }
  const form = new URLSearchParams(
    request.headers['content-type']?.includes('form') ? request.body.toString('utf8') : '',
  );
  const action = form.get('Action') ?? request.query.get('Action');
  if (action) {
    const version = form.get('Version') ?? request.query.get('Version') ?? '';
    return unsignedActions[action] ?? queryVersions[version] ?? 'sts';
  }
  return 's3';
}

/** Aliases of signing names that clients use. */
const aliases: Readonly<Record<string, string>> = {
  s3express: 's3',
  's3-object-lambda': 's3',
  cloudwatch: 'monitoring',
};

/** S3's bucket may stand in the host name. */
function withBucketInPath(request: RawRequest, service: string): RawRequest {
  const host = (request.headers.host ?? '').split(':')[0] ?? '';
  const bucket = /^(.+?)\.(?:s3[.-].*|s3|localhost|localhost\.localstack\.cloud)$/.exec(host)?.[1];
  if (service !== 's3' || !bucket || bucket === 's3') {
    return request;
  }
  return { ...request, path: `/${bucket}${request.path}` };
}

/** Every request of AWS's protocols: who calls, what is asked, what comes back. */
export class Gateway {
  constructor(
    private readonly world: LocalWorld,
    private readonly settings: GatewaySettings,
  ) {}

  async handle(request: RawRequest, requestId: string, sourceIp: string): Promise<Outcome> {
    const credential = readCredential(request) ?? readCredentialV2(request);
    const named = credential?.service ?? guessService(request);
    const name = aliases[named] ?? named;
    const running = await this.world.registry.find(name);
    if (!running) {
      return notThere(name, request, requestId);
    }
    const routed = decodeContent(withBucketInPath(request, running.name), running.name);
    const { schema } = running;
    const asked = findOperation(schema, routed);
    const exchange: Exchange = {
      running,
      schema,
      asked,
      dialect: dialectOf(asked.protocol, running.name, schema.queryCompatible),
      region: this.regionOf(running.name, credential?.region),
      request: routed,
      requestId,
      credential,
      sourceIp,
    };
    return this.exchange(exchange, request);
  }

  private regionOf(service: string, region: string | undefined): string {
    const unsaid = region === undefined || region === '' || region === 'aws-global';
    return unsaid || isGlobalService(service) ? globalRegion(this.world.partition) : region;
  }

  private async exchange(exchange: Exchange, original: RawRequest): Promise<Outcome> {
    const { schema, asked, requestId, request } = exchange;
    const to = {
      schema,
      asked,
      requestId,
      contentType: request.headers['content-type'],
      accept: request.headers.accept,
    };
    try {
      const caller = this.identify(exchange, original);
      const operation = knownOperation(exchange);
      const fault = this.world.faults.strike({
        service: exchange.running.name,
        operation: operation.name,
        account: caller.accountId,
        region: exchange.region,
      });
      if (fault && !fault.after) {
        return faultOutcome(fault, to);
      }
      const output = await this.run(exchange, operation, caller);
      return fault ? faultOutcome(fault, to) : writeOutput(to, operation, output);
    } catch (error) {
      return writeError(to, asServiceError(error, exchange));
    }
  }

  private identify(exchange: Exchange, original: RawRequest): Caller {
    const { region, dialect, credential } = exchange;
    return identify(this.world, original, credential, { region, dialect, anyKeyAccount: this.settings.anyKeyAccount });
  }

  private run(exchange: Exchange, operation: OperationSchema, caller: Caller): Promise<unknown> {
    const { running, asked, request, requestId, region, dialect, sourceIp } = exchange;
    if (this.world.limits && !this.world.limits.admit(running.name, operation.name, caller.accountId, region)) {
      throw refusal('throttled', dialect);
    }
    const input = readInput(asked, operation, request);
    const missing = missingMember(operation.input, input);
    // Operations on instances say themselves that there are none.
    if (missing !== undefined && !(dialect === 'ec2' && missing === 'instanceIds')) {
      throw running.service.refuseInput?.(missing) ?? missingError(exchange, missing);
    }
    return this.world.invoke({
      running,
      operation: operation.name,
      input,
      caller,
      accountId: caller.accountId,
      region,
      requestId,
      sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
      request,
    });
  }
}

function notThere(name: string, request: RawRequest, requestId: string): Answer {
  const message = `The local organization has no service ${name}.`;
  const xml = request.headers['content-type']?.includes('form') ?? false;
  const body = xml
    ? `<ErrorResponse><Error><Type>Receiver</Type><Code>NotImplemented</Code><Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
    : JSON.stringify({ __type: 'NotImplemented', message });
  const headers = { 'content-type': xml ? 'text/xml' : 'application/json', 'x-amzn-errortype': 'NotImplemented' };
  return { status: 501, headers: { ...headers, 'x-amzn-requestid': requestId }, body };
}

function knownOperation(exchange: Exchange): OperationSchema {
  const { asked, schema, dialect } = exchange;
  if (asked.operation) {
    return asked.operation;
  }
  switch (dialect) {
    case 'query':
    case 'ec2':
      throw new ServiceError(
        'InvalidAction',
        `Could not find operation ${asked.name} for version ${schema.version}`,
        400,
      );
    case 's3':
      throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
    default:
      throw new ServiceError('UnknownOperationException', '', 404);
  }
}

/** Members that EC2 still calls as it did in its first days. */
const ec2Names: Readonly<Record<string, string>> = {
  resources: 'resourceIdSet',
  tags: 'tagSet',
  description: 'GroupDescription',
};

function missingError(exchange: Exchange, member: string): ServiceError {
  const { dialect, schema } = exchange;
  const message = `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  if (dialect === 's3') {
    return new ServiceError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
      400,
    );
  }
  if (dialect === 'query') {
    return new ServiceError('ValidationError', message, 400);
  }
  if (dialect === 'ec2') {
    const name = ec2Names[member] ?? member;
    return new ServiceError('MissingParameter', `The request must contain the parameter ${name}`, 400);
  }
  const names = ['ValidationException', 'InvalidParameterException', 'InvalidInputException', 'BadRequestException'];
  return new ServiceError(names.find((name) => schema.errors.has(name)) ?? 'ValidationException', message, 400);
}

const malformed: Readonly<Partial<Record<ProtocolName, string>>> = {
  query: 'MalformedInput',
  ec2: 'MalformedInput',
  'rest-xml': 'MalformedXML',
};

function asServiceError(error: unknown, { asked, running }: Exchange): ServiceError {
  if (error instanceof ServiceError) {
    return error;
  }
  if (error instanceof MalformedRequest) {
    const own = running.service.refuseInput?.();
    return own ?? new ServiceError(malformed[asked.protocol] ?? 'SerializationException', error.message, 400);
  }
  const internal = new ServiceError('InternalFailure', `The local organization failed: ${String(error)}`, 500);
  internal.cause = error;
  return internal;
}

function faultOutcome(fault: Fault, to: Parameters<typeof writeError>[0]): Outcome {
  if (fault.kind === 'drop' || fault.kind === 'hang') {
    return fault.kind;
  }
  if (fault.kind === 'status') {
    return { status: fault.status ?? 503, headers: {}, body: '' };
  }
  const message = fault.message ?? 'An internal error occurred.';
  return writeError(
    to,
    new ServiceError(fault.code ?? 'InternalFailure', message, fault.status ?? (fault.code ? undefined : 500)),
  );
}
