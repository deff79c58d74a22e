import { ServiceError } from './errors';
import type { CallContext, Caller, TrailDetails } from './service';
import { eventName, isReadOnly } from './trailNames';

/** A call that ended, as CloudTrail would tell it. */
export interface TrailCall {
  /** Signing name: CloudTrail's event source without `.amazonaws.com`. */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: unknown;
  readonly context: CallContext;
  readonly eventId: string;
  readonly at: Date;
  /** What the service tells otherwise than by its members in camel case. */
  readonly details?: TrailDetails;
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function sessionContext(caller: Caller, at: Date): Record<string, unknown> {
  const roleArn = caller.roleArn ?? caller.arn;
  return {
    sessionIssuer: {
      type: 'Role',
      principalId: caller.userId.split(':')[0],
      arn: roleArn,
      accountId: caller.accountId,
      userName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
    },
    ...(caller.sourceIdentity ? { sourceIdentity: caller.sourceIdentity } : {}),
    attributes: { creationDate: seconds(at), mfaAuthenticated: 'false' },
  };
}

/** Who called; `invokedBy` names the service through which, such as Auto Scaling for its service-linked role. */
function userIdentity({ caller, via }: CallContext, at: Date): Record<string, unknown> {
  if (caller.kind === 'service') {
    return { type: 'AWSService', invokedBy: caller.arn };
  }
  if (caller.kind === 'anonymous') {
    return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' };
  }
  const common = {
    principalId: caller.userId,
    arn: caller.arn,
    accountId: caller.accountId,
    accessKeyId: caller.accessKeyId,
  };
  const invoked = via === undefined ? {} : { invokedBy: via };
  if (caller.kind === 'root') {
    return { type: 'Root', ...common, ...invoked };
  }
  if (caller.kind === 'user') {
    const userName = caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
    return { type: 'IAMUser', ...common, userName, ...invoked };
  }
  return { type: 'AssumedRole', ...common, sessionContext: sessionContext(caller, at), ...invoked };
}

const hidden = /^(SecretString|SecretBinary|Password|NewPassword|OldPassword|Plaintext)$/i;
const left = /^(SecretAccessKey|SessionToken)$/i;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment as most records have it: `Jul 10, 2023 12:00:31 PM`, in UTC. */
function dateText(date: Date): string {
  const hours = date.getUTCHours();
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** CloudTrail names members in camel case, leaves secrets out and cuts bytes. */
function camel(value: unknown): unknown {
  if (value instanceof Date) {
    return dateText(value);
  }
  if (Array.isArray(value)) {
    return value.map(camel);
  }
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) {
    return value instanceof Uint8Array ? undefined : value;
  }
  const entries = Object.entries(value).filter(([key]) => !left.test(key));
  const written = entries.map(([key, each]) => {
    const name = key.charAt(0).toLowerCase() + key.slice(1);
    return [name, hidden.test(key) ? 'HIDDEN_DUE_TO_SECURITY_REASONS' : camel(each)];
  });
  return Object.fromEntries(written);
}

/** Members, or `null` where there is nothing to tell. */
function elements(value: unknown): unknown {
  const written = camel(value ?? null);
  const nothing = typeof written === 'object' && written !== null && Object.keys(written).length === 0;
  return nothing ? null : written;
}

function tlsDetails({ request, region }: CallContext, service: string): Record<string, unknown> {
  if (!request) {
    return {};
  }
  const clientProvidedHostHeader = `${service}.${region}.amazonaws.com`;
  return {
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader },
  };
}

/** The record, as EventBridge carries it in `detail` and `LookupEvents` tells it. */
export function trailRecord(call: TrailCall): Record<string, unknown> {
  const { context, error, details, service, operation } = call;
  const failed = error !== undefined;
  const readOnly = isReadOnly(service, operation);
  const { data, ...told } = details ?? {};
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity(context, call.at),
    eventTime: seconds(call.at),
    eventSource: `${service}.amazonaws.com`,
    eventName: eventName(service, operation),
    awsRegion: data?.region ?? context.region,
    sourceIPAddress: context.via ?? context.sourceIp,
    userAgent: context.via ?? context.userAgent,
    ...(failed ? failureOf(error) : {}),
    ...('requestParameters' in told ? {} : { requestParameters: elements(call.input) }),
    ...('responseElements' in told ? {} : { responseElements: failed || readOnly ? null : elements(call.output) }),
    ...told,
    ...(failed ? { responseElements: null } : {}),
    requestID: context.requestId,
    eventID: call.eventId,
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: data === undefined,
    recipientAccountId: data?.accountId ?? context.accountId,
    eventCategory: data === undefined ? 'Management' : 'Data',
    ...tlsDetails(context, service),
  };
}

function failureOf(error: unknown): { errorCode: string; errorMessage: string } {
  return error instanceof ServiceError
    ? { errorCode: error.code, errorMessage: error.message }
    : { errorCode: 'InternalFailure', errorMessage: 'An internal error occurred.' };
}
