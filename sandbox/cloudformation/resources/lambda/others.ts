import { ServiceError } from '../../../core/errors';
import { ifThere } from '../failure';
import type { ResourceProvider } from '../provider';
import { differs, pick, tagMap } from '../values';

/** AWS::Lambda::Permission */
export const permission: ResourceProvider = {
  async create(context, properties) {
    const StatementId = context.generateName(100);
    await context.call('lambda', 'AddPermission', { StatementId, ...properties });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  delete: (context, StatementId, { FunctionName }) =>
    ifThere(() => context.call('lambda', 'RemovePermission', { FunctionName, StatementId })),
};

const mappingSettings = [
  'AmazonManagedKafkaEventSourceConfig',
  'BatchSize',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'DocumentDBEventSourceConfig',
  'Enabled',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'KmsKeyArn',
  'MaximumBatchingWindowInSeconds',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'MetricsConfig',
  'ParallelizationFactor',
  'ProvisionedPollerConfig',
  'ScalingConfig',
  'SourceAccessConfigurations',
  'TumblingWindowInSeconds',
];

/** A mapping that is about to change refuses other changes for a while. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'ResourceInUseException' || attempt > 100) {
        throw error;
      }
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }
}

/** AWS::Lambda::EventSourceMapping */
export const eventSourceMapping: ResourceProvider = {
  async create(context, properties) {
    const { Tags, ...rest } = properties;
    const answer = await context.call<{ UUID: string; EventSourceMappingArn?: string }>(
      'lambda',
      'CreateEventSourceMapping',
      {
        ...rest,
        Tags: tagMap(context.tags(Tags)),
      },
    );
    const { UUID, EventSourceMappingArn = context.arn('lambda', `event-source-mapping:${UUID}`) } = answer;
    return { physicalId: UUID, attributes: { Id: UUID, EventSourceMappingArn } };
  },
  async update(context, UUID, after, before) {
    if (differs(before, after, mappingSettings)) {
      const change = pick(after, mappingSettings);
      await patiently(() => context.call('lambda', 'UpdateEventSourceMapping', { UUID, ...change }));
    }
    return undefined;
  },
  delete: (context, UUID) =>
    patiently(() => ifThere(() => context.call('lambda', 'DeleteEventSourceMapping', { UUID }))),
};

/** AWS::Lambda::Url */
export const url: ResourceProvider = {
  async create(context, { TargetFunctionArn, ...rest }) {
    const { FunctionUrl, FunctionArn } = await context.call<{ FunctionUrl: string; FunctionArn: string }>(
      'lambda',
      'CreateFunctionUrlConfig',
      { FunctionName: TargetFunctionArn, ...rest },
    );
    return { physicalId: FunctionArn, attributes: { FunctionUrl, FunctionArn } };
  },
  async update(context, _physicalId, { TargetFunctionArn, ...rest }) {
    await context.call('lambda', 'UpdateFunctionUrlConfig', { FunctionName: TargetFunctionArn, ...rest });
    return undefined;
  },
  delete: (context, _physicalId, { TargetFunctionArn, Qualifier }) =>
    ifThere(() => context.call('lambda', 'DeleteFunctionUrlConfig', { FunctionName: TargetFunctionArn, Qualifier })),
};

/** AWS::Lambda::EventInvokeConfig */
export const eventInvokeConfig: ResourceProvider = {
  async create(context, properties) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', properties);
    return { physicalId: `${properties.FunctionName}|${properties.Qualifier}` };
  },
  async update(context, _physicalId, after) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', after);
    return undefined;
  },
  delete: (context, _physicalId, { FunctionName, Qualifier }) =>
    ifThere(() => context.call('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier })),
};

/** AWS::Lambda::Version */
export const version: ResourceProvider = {
  async create(context, { FunctionName, Description, CodeSha256 }) {
    const { Version, FunctionArn } = await context.call<{ Version: string; FunctionArn: string }>(
      'lambda',
      'PublishVersion',
      { FunctionName, Description, CodeSha256 },
    );
    return { physicalId: FunctionArn, attributes: { Version, FunctionArn } };
  },
  delete: (context, physicalId, { FunctionName }) =>
    ifThere(async () => {
      const Qualifier = physicalId.slice(physicalId.lastIndexOf(':') + 1);
      await context.call('lambda', 'DeleteFunction', { FunctionName, Qualifier });
    }),
};

/** AWS::Lambda::Alias */
export const alias: ResourceProvider = {
  async create(context, properties) {
    const members = ['FunctionName', 'Name', 'FunctionVersion', 'Description', 'RoutingConfig'];
    const { AliasArn } = await context.call<{ AliasArn: string }>('lambda', 'CreateAlias', pick(properties, members));
    return { physicalId: AliasArn, attributes: { AliasArn } };
  },
  async update(context, _physicalId, after) {
    const members = ['FunctionName', 'Name', 'FunctionVersion', 'Description', 'RoutingConfig'];
    await context.call('lambda', 'UpdateAlias', pick(after, members));
    return undefined;
  },
  delete: (context, _physicalId, { FunctionName, Name }) =>
    ifThere(() => context.call('lambda', 'DeleteAlias', { FunctionName, Name })),
};
