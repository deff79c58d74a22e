import { randomUUID } from 'node:crypto';
import { ServiceError } from './errors';
import type { CallContext, Caller } from './service';

/** A call that ended, as CloudTrail would tell it. */
export interface TrailCall {
  /** Signing name: CloudTrail's event source without `.amazonaws.com`. */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: unknown;
  readonly context: CallContext;
}

const readOnly =
  /^(Get|List|Describe|Head|Lookup|Search|Select|BatchGet|Filter|Validate|Simulate|Check|Decode|Generate|Estimate|Detect)/;

/** Data events: CloudTrail does not put them on the bus by itself. */
const dataPlane: Readonly<Record<string, RegExp>> = {
  s3: /Object|UploadPart|MultipartUpload/,
  sqs: /Message/,
  sns: /^Publish/,
  lambda: /^Invoke/,
  dynamodb: /Item|^Query$|^Scan$|Transact|Statement/,
  events: /^PutEvents$/,
  logs: /^PutLogEvents$/,
  kms: /^(Encrypt|Decrypt|ReEncrypt|Sign|Verify)/,
  monitoring: /^PutMetricData$/,
  sts: /./,
};

/** Whether CloudTrail's event of this call arrives at EventBridge: management events that write. */
export function isTrailed(service: string, operation: string): boolean {
  return !readOnly.test(operation) && !dataPlane[service]?.test(operation);
}

function userIdentity(caller: Caller): Record<string, unknown> {
  if (caller.kind === 'service') {
    return { type: 'AWSService', invokedBy: caller.arn };
  }
  const common = {
    principalId: caller.userId,
    arn: caller.arn,
    accountId: caller.accountId,
    accessKeyId: caller.accessKeyId,
  };
  if (caller.kind === 'root') {
    return { type: 'Root', ...common };
  }
  if (caller.kind === 'user') {
    return { type: 'IAMUser', ...common, userName: caller.arn.slice(caller.arn.lastIndexOf('/') + 1) };
  }
  const roleArn = caller.roleArn ?? caller.arn;
  return {
    type: 'AssumedRole',
    ...common,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: caller.userId.split(':')[0],
        arn: roleArn,
        accountId: caller.accountId,
        userName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
      },
      attributes: { mfaAuthenticated: 'false' },
    },
  };
}

const secrets =
  /^(SecretString|SecretBinary|Password|NewPassword|OldPassword|SecretAccessKey|SessionToken|Plaintext)$/i;

/** CloudTrail names members in camel case, leaves secrets out and cuts bytes. */
function camel(value: unknown): unknown {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    return value.map(camel);
  }
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) {
    return value instanceof Uint8Array ? undefined : value;
  }
  const entries = Object.entries(value).map(([key, each]) => {
    const name = key.charAt(0).toLowerCase() + key.slice(1);
    return [name, secrets.test(key) ? 'HIDDEN_DUE_TO_SECURITY_REASONS' : camel(each)];
  });
  return Object.fromEntries(entries);
}

/** The record, as EventBridge carries it in `detail`. */
export function trailRecord(call: TrailCall): Record<string, unknown> {
  const { context, error } = call;
  const failure = error === undefined ? {} : failureOf(error);
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity(context.caller),
    eventTime: context.world
      .now()
      .toISOString()
      .replace(/\.\d{3}Z$/, 'Z'),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.operation,
    awsRegion: context.region,
    sourceIPAddress: context.via ?? context.sourceIp,
    userAgent: context.via ?? context.userAgent,
    ...failure,
    requestParameters: camel(call.input ?? null),
    responseElements: error === undefined ? camel(call.output ?? null) : null,
    requestID: context.requestId,
    eventID: randomUUID(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: context.accountId,
    eventCategory: 'Management',
  };
}

function failureOf(error: unknown): { errorCode: string; errorMessage: string } {
  return error instanceof ServiceError
    ? { errorCode: error.code, errorMessage: error.message }
    : { errorCode: 'InternalFailure', errorMessage: 'An internal error occurred.' };
}
