import { type CloudTrailRecord, stepsOf, textAt, valuesAt } from '../../detections/record';
import type { Known } from '../evaluate/evaluate';

/** What a record tells of the resource, beside the record itself. */
interface Place {
  readonly record: CloudTrailRecord;
  readonly operation: string;
  /** ARN of a resource in the region and account of the record. */
  readonly here: (service: string, resource: string) => string;
  /** A request parameter; undefined when there is none. */
  readonly parameter: (name: string) => string | undefined;
  readonly rolePaths: readonly string[];
}

type Finder = (place: Place) => (string | undefined)[];

/** By service: the ARNs that a call is about, from what CloudTrail writes of its parameters. */
const finders: Readonly<Record<string, Finder>> = {
  cloudformation: ({ here, parameter }) => [
    withPrefix(parameter('stackName'), (name) => here('cloudformation', `stack/${name}/*`)),
    withPrefix(parameter('stackSetName'), (name) => here('cloudformation', `stackset/${name}:*`)),
    // CreateStackSet is asked about a set that has no id yet.
  ],
  cloudwatch: ({ here, parameter, record }) =>
    [parameter('alarmName'), ...texts(record, 'requestParameters.alarmNames')].map(
      (name) => name && here('cloudwatch', `alarm:${name}`),
    ),
  dynamodb: ({ here, parameter }) => [withPrefix(parameter('tableName'), (name) => here('dynamodb', `table/${name}`))],
  events: ({ here, parameter, operation }) => {
    const bus = parameter('eventBusName');
    const name = parameter('rule') ?? parameter('name');
    if (/EventBus|Permission/.test(operation)) {
      return [here('events', `event-bus/${bus ?? name ?? 'default'}`)];
    }
    const busName = bus?.split('/').at(-1);
    return [name && here('events', busName && busName !== 'default' ? `rule/${busName}/${name}` : `rule/${name}`)];
  },
  iam: ({ parameter, rolePaths, record }) => {
    const account = textAt(record, 'userIdentity.accountId');
    const [role, user, passed] = [parameter('roleName'), parameter('userName'), parameter('roleArn')];
    const named = (kind: string, name: string | undefined) =>
      name === undefined
        ? []
        : rolePaths.map((path) => `arn:${partitionOf(record)}:iam::${account}:${kind}${path}${name}`);
    return [passed, textAt(record, 'responseElements.role.arn'), ...named('role', role), ...named('user', user)];
  },
  kms: ({ here, parameter }) => [
    withPrefix(parameter('aliasName'), (name) => here('kms', name)),
    withPrefix(parameter('keyId'), (id) => here('kms', id.startsWith('alias/') ? id : `key/${id}`)),
  ],
  lambda: ({ here, parameter }) => [functionArn(parameter('functionName'), here)],
  logs: ({ here, parameter }) => [withPrefix(parameter('logGroupName'), (name) => here('logs', `log-group:${name}`))],
  s3: ({ parameter, record }) => {
    const [bucket, key] = [parameter('bucketName'), parameter('key')];
    const arn = bucket && `arn:${partitionOf(record)}:s3:::${bucket}`;
    return [arn && (key ? `${arn}/${key}` : arn)];
  },
  sns: ({ parameter, record }) => [
    parameter('topicArn'),
    parameter('subscriptionArn'),
    textAt(record, 'responseElements.topicArn'),
  ],
  sqs: ({ record, parameter }) => [queueArn(parameter('queueUrl'), record)],
  ssm: ({ here, parameter, record }) =>
    [parameter('name'), ...texts(record, 'requestParameters.names')].map(
      (name) => name && here('ssm', `parameter/${name.replace(/^\//, '')}`),
    ),
};

/**
 * The ARNs that a call may have been about. The record does not tell of a role's path: one for each path in use.
 * Unknown where CloudTrail does not write it, or this program cannot read it.
 */
export function resourcesOf(
  record: CloudTrailRecord,
  action: string,
  rolePaths: readonly string[],
): Known<readonly string[]> {
  const [service = '', operation = ''] = action.split(':');
  const account = textAt(record, 'recipientAccountId') ?? textAt(record, 'userIdentity.accountId') ?? '';
  const region = textAt(record, 'awsRegion') ?? '';
  const parameter = (name: string) => {
    const value = textAt(record, `requestParameters.${name}`);
    return value === '' ? undefined : value;
  };
  const here = (its: string, resource: string) => `arn:${partitionOf(record)}:${its}:${region}:${account}:${resource}`;
  const place = { record, operation, here, parameter, rolePaths };
  const found = (finders[service]?.(place) ?? []).filter((arn) => arn !== undefined && arn !== '') as string[];
  if (found.length > 0) {
    return [...new Set(found)];
  }
  const named = [...texts(record, 'resources.ARN'), ...texts(record, 'resources.arn')];
  return named.length > 0 ? named : 'unknown';
}

function texts(record: CloudTrailRecord, path: string): string[] {
  return valuesAt(record, stepsOf(path)).filter((value) => typeof value === 'string');
}

/** The partition shows in the principal's ARN, and if there is none in the region. */
export function partitionOf(record: CloudTrailRecord): string {
  const arn = textAt(record, 'userIdentity.arn')?.split(':')[1];
  const region = textAt(record, 'awsRegion') ?? '';
  return arn ?? (region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws');
}

/** Many parameters take a name or an ARN. */
function withPrefix(value: string | undefined, arn: (name: string) => string): string | undefined {
  return value === undefined || value.startsWith('arn:') ? value : arn(value);
}

/** A name, `account:function:name`, or an ARN; a version may follow. */
function functionArn(value: string | undefined, here: Place['here']): string | undefined {
  if (value === undefined || value.startsWith('arn:')) {
    return value;
  }
  const name = /(?:^|:function:)([^:]+)(?::[^:]+)?$/.exec(value)?.[1] ?? value;
  return here('lambda', `function:${name}`);
}

function queueArn(url: string | undefined, record: CloudTrailRecord): string | undefined {
  const [, account, name] = /\/(\d{12})\/([^/?]+)$/.exec(url ?? '') ?? [];
  return account && `arn:${partitionOf(record)}:sqs:${textAt(record, 'awsRegion') ?? ''}:${account}:${name}`;
}
