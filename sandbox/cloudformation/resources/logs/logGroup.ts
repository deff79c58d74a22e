import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { camel, differs, document, orUndo, tagMap, text } from '../values';

async function settings(
  context: ResourceContext,
  logGroupName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  if (differs(before, after, ['RetentionInDays'])) {
    const retentionInDays = after.RetentionInDays;
    await (retentionInDays === undefined
      ? context.call('logs', 'DeleteRetentionPolicy', { logGroupName })
      : context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays }));
  }
  if (differs(before, after, ['DataProtectionPolicy'])) {
    const policyDocument = document(after.DataProtectionPolicy);
    await (policyDocument === undefined
      ? context.call('logs', 'DeleteDataProtectionPolicy', { logGroupIdentifier: logGroupName })
      : context.call('logs', 'PutDataProtectionPolicy', { logGroupIdentifier: logGroupName, policyDocument }));
  }
}

/** AWS::Logs::LogGroup */
export const logGroup: ResourceProvider = {
  async create(context, properties) {
    const logGroupName = text(properties.LogGroupName) ?? context.generateName(512);
    await context.call('logs', 'CreateLogGroup', {
      logGroupName,
      kmsKeyId: properties.KmsKeyId,
      logGroupClass: properties.LogGroupClass,
      tags: tagMap(context.tags(properties.Tags)),
    });
    await orUndo(
      () => settings(context, logGroupName, properties, {}),
      () => context.call('logs', 'DeleteLogGroup', { logGroupName }),
    );
    return { physicalId: logGroupName, attributes: { Arn: context.arn('logs', `log-group:${logGroupName}:*`) } };
  },
  async update(context, logGroupName, after, before) {
    await settings(context, logGroupName, after, before);
    if (differs(before, after, ['KmsKeyId'])) {
      const kmsKeyId = after.KmsKeyId;
      await (kmsKeyId === undefined
        ? context.call('logs', 'DisassociateKmsKey', { logGroupName })
        : context.call('logs', 'AssociateKmsKey', { logGroupName, kmsKeyId }));
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    const resourceArn = context.arn('logs', `log-group:${logGroupName}`);
    if (tags.set.length > 0) {
      await context.call('logs', 'TagResource', { resourceArn, tags: tagMap(tags.set) });
    }
    if (tags.remove.length > 0) {
      await context.call('logs', 'UntagResource', { resourceArn, tagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, logGroupName) => ifThere(() => context.call('logs', 'DeleteLogGroup', { logGroupName })),
  async read(context, logGroupName) {
    const { logGroups = [] } = await context.call<{ logGroups?: ValueMap[] }>('logs', 'DescribeLogGroups', {
      logGroupNamePrefix: logGroupName,
    });
    const found = logGroups.find((each) => each.logGroupName === logGroupName);
    return found
      ? { LogGroupName: logGroupName, RetentionInDays: found.retentionInDays ?? null, KmsKeyId: found.kmsKeyId ?? null }
      : undefined;
  },
  adopt: async (context, identifier) => {
    const name = identifier.LogGroupName ?? '';
    return { physicalId: name, attributes: { Arn: context.arn('logs', `log-group:${name}:*`) } };
  },
};

/** AWS::Logs::LogStream */
export const logStream: ResourceProvider = {
  async create(context, { LogGroupName: logGroupName, LogStreamName }) {
    const logStreamName = text(LogStreamName) ?? context.generateName(512);
    await context.call('logs', 'CreateLogStream', { logGroupName, logStreamName });
    return { physicalId: logStreamName };
  },
  delete: (context, logStreamName, { LogGroupName: logGroupName }) =>
    ifThere(() => context.call('logs', 'DeleteLogStream', { logGroupName, logStreamName })),
};

/** Metric dimensions are a list in templates and a map in the API. */
function transformations(value: ValueMap['']): unknown {
  const list = (camel(value ?? []) as ValueMap[]).map(({ dimensions, ...each }) => ({
    ...each,
    ...(Array.isArray(dimensions)
      ? {
          dimensions: Object.fromEntries((dimensions as ValueMap[]).map(({ key, value: text }) => [String(key), text])),
        }
      : {}),
  }));
  return list;
}

async function putMetricFilter(context: ResourceContext, filterName: string, properties: ValueMap): Promise<void> {
  await context.call('logs', 'PutMetricFilter', {
    filterName,
    logGroupName: properties.LogGroupName,
    filterPattern: properties.FilterPattern,
    applyOnTransformedLogs: properties.ApplyOnTransformedLogs,
    metricTransformations: transformations(properties.MetricTransformations ?? []),
  });
}

/** AWS::Logs::MetricFilter */
export const metricFilter: ResourceProvider = {
  async create(context, properties) {
    const name = text(properties.FilterName) ?? context.generateName(512);
    await putMetricFilter(context, name, properties);
    return { physicalId: name };
  },
  async update(context, name, after) {
    await putMetricFilter(context, name, after);
    return undefined;
  },
  delete: (context, filterName, { LogGroupName: logGroupName }) =>
    ifThere(() => context.call('logs', 'DeleteMetricFilter', { logGroupName, filterName })),
};

async function putSubscription(context: ResourceContext, filterName: string, properties: ValueMap): Promise<void> {
  await context.call('logs', 'PutSubscriptionFilter', { ...(camel(properties) as ValueMap), filterName });
}

/** AWS::Logs::SubscriptionFilter */
export const subscriptionFilter: ResourceProvider = {
  async create(context, properties) {
    const name = text(properties.FilterName) ?? context.generateName(512);
    await putSubscription(context, name, properties);
    return { physicalId: name };
  },
  async update(context, name, after) {
    await putSubscription(context, name, after);
    return undefined;
  },
  delete: (context, filterName, { LogGroupName: logGroupName }) =>
    ifThere(() => context.call('logs', 'DeleteSubscriptionFilter', { logGroupName, filterName })),
};

/** AWS::Logs::ResourcePolicy */
export const logsResourcePolicy: ResourceProvider = {
  async create(context, { PolicyName: policyName, PolicyDocument }) {
    await context.call('logs', 'PutResourcePolicy', { policyName, policyDocument: document(PolicyDocument) });
    return { physicalId: String(policyName) };
  },
  async update(context, policyName, { PolicyDocument }) {
    await context.call('logs', 'PutResourcePolicy', { policyName, policyDocument: document(PolicyDocument) });
    return undefined;
  },
  delete: (context, policyName) => ifThere(() => context.call('logs', 'DeleteResourcePolicy', { policyName })),
};
