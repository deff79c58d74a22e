import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { exists, invalid, type LogGroup, type LogStream, Logs, notFound } from './state';

const retentionChoices = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function describedGroup(group: LogGroup) {
  const bytes = [...group.streams.values()].reduce((sum, stream) => sum + storedBytes(stream), 0);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    metricFilterCount: group.metricFilters.size,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    storedBytes: bytes,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass,
  };
}

function storedBytes(stream: LogStream): number {
  return stream.events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + 26, 0);
}

function describedStream(group: LogGroup, stream: LogStream) {
  const [first, last] = [stream.events[0], stream.events.at(-1)];
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: first?.timestamp,
    lastEventTimestamp: last?.timestamp,
    lastIngestionTime: last?.ingestionTime,
    uploadSequenceToken: String(stream.sequence),
    arn: `${group.arn}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

function groups(logs: Logs): Record<string, Handler> {
  return {
    CreateLogGroup: (input: CreateLogGroupRequest, context) => {
      const name = input.logGroupName ?? '';
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
        throw invalid(
          `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
        );
      }
      const known = logs.regions.at(context).groups;
      if (known.has(name)) {
        throw exists('The specified log group already exists');
      }
      known.set(name, {
        name,
        arn: logs.arn(name, context),
        site: { accountId: context.accountId, region: context.region },
        createdAt: logs.now(),
        streams: new Map(),
        metricFilters: new Map(),
        subscriptionFilters: new Map(),
        tags: new Map(Object.entries(input.tags ?? {})),
        logGroupClass: input.logGroupClass ?? 'STANDARD',
        kmsKeyId: input.kmsKeyId,
      });
    },
    DeleteLogGroup: (input: { logGroupName: string }, context) => {
      const group = logs.group(input.logGroupName, context);
      logs.regions.at(context).groups.delete(group.name);
    },
    DescribeLogGroups: (input: DescribeLogGroupsRequest, context) => {
      const identifiers = input.logGroupIdentifiers?.map((one) => Logs.nameOf(one));
      const all = [...logs.regions.at(context).groups.values()]
        .filter((group) => group.name.startsWith(input.logGroupNamePrefix ?? ''))
        .filter((group) => group.name.includes(input.logGroupNamePattern ?? ''))
        .filter((group) => !identifiers || identifiers.includes(group.name))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = paginate(all, {
        token: input.nextToken,
        size: input.limit,
        maximum: 50,
        invalidCode: 'InvalidParameterException',
      });
      return { logGroups: page.items.map(describedGroup), nextToken: page.nextToken };
    },
    PutRetentionPolicy: (input: { logGroupName: string; retentionInDays: number }, context) => {
      const group = logs.group(input.logGroupName, context);
      if (!retentionChoices.includes(input.retentionInDays)) {
        throw invalid(
          `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentionChoices.join(', ')}]`,
        );
      }
      group.retentionDays = input.retentionInDays;
    },
    DeleteRetentionPolicy: (input: { logGroupName: string }, context) => {
      logs.group(input.logGroupName, context).retentionDays = undefined;
    },
    AssociateKmsKey: (input: { logGroupName?: string; resourceIdentifier?: string; kmsKeyId: string }, context) => {
      logs.group(input.logGroupName ?? input.resourceIdentifier, context).kmsKeyId = input.kmsKeyId;
    },
    DisassociateKmsKey: (input: { logGroupName?: string; resourceIdentifier?: string }, context) => {
      logs.group(input.logGroupName ?? input.resourceIdentifier, context).kmsKeyId = undefined;
    },
  };
}

function streams(logs: Logs): Record<string, Handler> {
  return {
    CreateLogStream: (input: CreateLogStreamRequest, context) => {
      const group = logs.group(input.logGroupName, context);
      const name = input.logStreamName ?? '';
      if (!/^[^:*]{1,512}$/.test(name)) {
        throw invalid(
          `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
        );
      }
      if (group.streams.has(name)) {
        throw exists('The specified log stream already exists');
      }
      group.streams.set(name, { name, createdAt: logs.now(), events: [], sequence: 0 });
    },
    DeleteLogStream: (input: CreateLogStreamRequest, context) => {
      const group = logs.group(input.logGroupName, context);
      group.streams.delete(logs.stream(group, input.logStreamName).name);
    },
    DescribeLogStreams: (input: DescribeLogStreamsRequest, context) => {
      const group = logs.group(input.logGroupName ?? input.logGroupIdentifier, context);
      const lastTime = (stream: LogStream) => stream.events.at(-1)?.timestamp ?? stream.createdAt;
      const byTime = input.orderBy === 'LastEventTime';
      const all = [...group.streams.values()]
        .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
        .sort((a, b) => (byTime ? lastTime(a) - lastTime(b) : a.name < b.name ? -1 : 1));
      const ordered = input.descending ? all.reverse() : all;
      const page = paginate(ordered, {
        token: input.nextToken,
        size: input.limit,
        maximum: 50,
        invalidCode: 'InvalidParameterException',
      });
      return { logStreams: page.items.map((stream) => describedStream(group, stream)), nextToken: page.nextToken };
    },
  };
}

function tagging(logs: Logs): Record<string, Handler> {
  const tagsOf = (arn: string | undefined, context: CallContext) => logs.group(arn, context).tags;
  const put = (
    input: { resourceArn?: string; logGroupName?: string; tags: Record<string, string> },
    context: CallContext,
  ) => {
    const tags = tagsOf(input.resourceArn ?? input.logGroupName, context);
    for (const [key, value] of Object.entries(input.tags)) {
      tags.set(key, value);
    }
  };
  return {
    TagResource: put,
    TagLogGroup: put,
    UntagResource: (input: { resourceArn: string; tagKeys: string[] }, context) => {
      const tags = tagsOf(input.resourceArn, context);
      for (const key of input.tagKeys) {
        tags.delete(key);
      }
    },
    ListTagsForResource: (input: { resourceArn: string }, context) => ({
      tags: Object.fromEntries(tagsOf(input.resourceArn, context)),
    }),
    ListTagsLogGroup: (input: { logGroupName: string }, context) => ({
      tags: Object.fromEntries(tagsOf(input.logGroupName, context)),
    }),
  };
}

function policies(logs: Logs): Record<string, Handler> {
  return {
    PutResourcePolicy: (input: { policyName: string; policyDocument: string }, context) => {
      try {
        JSON.parse(input.policyDocument);
      } catch {
        throw invalid('The specified policy document is not valid JSON.');
      }
      const policy = { document: input.policyDocument, updatedAt: logs.now() };
      logs.regions.at(context).policies.set(input.policyName, policy);
      return {
        resourcePolicy: {
          policyName: input.policyName,
          policyDocument: policy.document,
          lastUpdatedTime: policy.updatedAt,
        },
      };
    },
    DeleteResourcePolicy: (input: { policyName: string }, context) => {
      if (!logs.regions.at(context).policies.delete(input.policyName)) {
        throw notFound(`Policy with name [${input.policyName}] does not exist.`);
      }
    },
    DescribeResourcePolicies: (_input, context) => ({
      resourcePolicies: [...logs.regions.at(context).policies].map(([policyName, policy]) => ({
        policyName,
        policyDocument: policy.document,
        lastUpdatedTime: policy.updatedAt,
      })),
    }),
  };
}

/** Log groups, streams, retention, tags and the account's resource policies. */
export function groupOperations(logs: Logs): Record<string, Handler> {
  return { ...groups(logs), ...streams(logs), ...tagging(logs), ...policies(logs) };
}
