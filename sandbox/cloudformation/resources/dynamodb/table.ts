import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, document, map, maps, orUndo, pick, text } from '../values';

interface Description {
  TableStatus?: string;
  TableArn?: string;
  TableId?: string;
  LatestStreamArn?: string;
}

/** Templates say less than the API wants. */
function streamOf(properties: ValueMap): unknown {
  const { StreamViewType } = map(properties.StreamSpecification);
  return StreamViewType === undefined ? undefined : { StreamEnabled: true, StreamViewType };
}

function encryptionOf(properties: ValueMap): unknown {
  const { SSEEnabled: Enabled, ...rest } = map(properties.SSESpecification);
  return properties.SSESpecification === undefined ? undefined : { Enabled, ...rest };
}

async function describe(context: ResourceContext, TableName: string): Promise<Description> {
  const { Table } = await context.call<{ Table: Description }>('dynamodb', 'DescribeTable', { TableName });
  return Table;
}

async function active(context: ResourceContext, TableName: string): Promise<Description> {
  for (;;) {
    const table = await describe(context, TableName);
    if (table.TableStatus === 'ACTIVE') {
      return table;
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

async function settings(context: ResourceContext, TableName: string, after: ValueMap, before: ValueMap): Promise<void> {
  if (differs(before, after, ['TimeToLiveSpecification'])) {
    const { AttributeName, Enabled } = map(after.TimeToLiveSpecification ?? before.TimeToLiveSpecification);
    const enabled = after.TimeToLiveSpecification === undefined ? false : (Enabled ?? true);
    await context.call('dynamodb', 'UpdateTimeToLive', {
      TableName,
      TimeToLiveSpecification: { AttributeName, Enabled: enabled },
    });
  }
  if (differs(before, after, ['PointInTimeRecoverySpecification'])) {
    const given = map(after.PointInTimeRecoverySpecification);
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false, ...given };
    await context.call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
  }
  if (differs(before, after, ['ResourcePolicy'])) {
    const ResourceArn = context.arn('dynamodb', `table/${TableName}`);
    const Policy = document(map(after.ResourcePolicy).PolicyDocument);
    await (Policy === undefined
      ? context.call('dynamodb', 'DeleteResourcePolicy', { ResourceArn })
      : context.call('dynamodb', 'PutResourcePolicy', { ResourceArn, Policy }));
  }
}

function provided(name: string, table: Description): ProvidedResource {
  return {
    physicalId: name,
    attributes: {
      Arn: table.TableArn ?? '',
      ...(table.LatestStreamArn === undefined ? {} : { StreamArn: table.LatestStreamArn }),
      ...(table.TableId === undefined ? {} : { TableId: table.TableId }),
    },
  };
}

const plain = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'OnDemandThroughput',
  'ProvisionedThroughput',
  'TableClass',
  'WarmThroughput',
];

async function createTable(context: ResourceContext, properties: ValueMap): Promise<ProvidedResource> {
  const TableName = text(properties.TableName) ?? context.generateName(255);
  const tags = context.tags(properties.Tags);
  await context.call('dynamodb', 'CreateTable', {
    TableName,
    ...pick(properties, plain),
    StreamSpecification: streamOf(properties),
    SSESpecification: encryptionOf(properties),
    Tags: tags.length === 0 ? undefined : tags,
  });
  const table = await active(context, TableName);
  await orUndo(
    () => settings(context, TableName, properties, {}),
    () => context.call('dynamodb', 'DeleteTable', { TableName }),
  );
  return provided(TableName, table);
}

/** Indexes change one at a time, by their names. */
function indexUpdates(after: ValueMap, before: ValueMap): unknown[] {
  const [wanted, had] = [maps(after.GlobalSecondaryIndexes), maps(before.GlobalSecondaryIndexes)];
  const names = (list: readonly ValueMap[]) => list.map((each) => String(each.IndexName));
  return [
    ...had
      .filter((each) => !names(wanted).includes(String(each.IndexName)))
      .map(({ IndexName }) => ({ Delete: { IndexName } })),
    ...wanted.filter((each) => !names(had).includes(String(each.IndexName))).map((each) => ({ Create: each })),
  ];
}

async function updateTable(
  context: ResourceContext,
  TableName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<ProvidedResource> {
  const changing = [
    'BillingMode',
    'DeletionProtectionEnabled',
    'OnDemandThroughput',
    'ProvisionedThroughput',
    'TableClass',
  ];
  const special = ['StreamSpecification', 'SSESpecification'];
  const AttributeDefinitions = after.AttributeDefinitions;
  if (differs(before, after, [...changing, ...special])) {
    const StreamSpecification = differs(before, after, ['StreamSpecification'])
      ? (streamOf(after) ?? { StreamEnabled: false })
      : undefined;
    const SSESpecification = differs(before, after, ['SSESpecification'])
      ? (encryptionOf(after) ?? { Enabled: false })
      : undefined;
    const changed = pick(
      after,
      changing.filter((name) => differs(before, after, [name])),
    );
    await context.call('dynamodb', 'UpdateTable', { TableName, ...changed, StreamSpecification, SSESpecification });
    await active(context, TableName);
  }
  for (const change of indexUpdates(after, before)) {
    const GlobalSecondaryIndexUpdates = [change];
    await context.call('dynamodb', 'UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates });
    await active(context, TableName);
  }
  await settings(context, TableName, after, before);
  const tags = context.tagChanges(before.Tags, after.Tags);
  const ResourceArn = context.arn('dynamodb', `table/${TableName}`);
  if (tags.set.length > 0) {
    await context.call('dynamodb', 'TagResource', { ResourceArn, Tags: tags.set });
  }
  if (tags.remove.length > 0) {
    await context.call('dynamodb', 'UntagResource', { ResourceArn, TagKeys: tags.remove });
  }
  return provided(TableName, await describe(context, TableName));
}

/** AWS::DynamoDB::Table */
export const table: ResourceProvider = {
  create: createTable,
  update: updateTable,
  replaces: (before, after) => differs(before, after, ['KeySchema', 'LocalSecondaryIndexes']),
  delete: (context, TableName) => ifThere(() => context.call('dynamodb', 'DeleteTable', { TableName })),
  async adopt(context, identifier) {
    const name = identifier.TableName ?? '';
    return provided(name, await describe(context, name));
  },
};

/** A global table's settings for the stack's own region, as a plain table has them. */
function asTable(context: ResourceContext, properties: ValueMap): ValueMap {
  const replica = maps(properties.Replicas).find((each) => each.Region === context.region) ?? {};
  const { Replicas: _replicas, TimeToLiveSpecification, ...rest } = properties;
  return {
    ...rest,
    ...pick(replica, [
      'DeletionProtectionEnabled',
      'PointInTimeRecoverySpecification',
      'TableClass',
      'Tags',
      'ResourcePolicy',
    ]),
    ...(TimeToLiveSpecification === undefined ? {} : { TimeToLiveSpecification }),
  };
}

async function replicate(
  context: ResourceContext,
  TableName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  const regions = (properties: ValueMap) =>
    maps(properties.Replicas)
      .map((each) => String(each.Region))
      .filter((region) => region !== context.region);
  const [wanted, had] = [regions(after), regions(before)];
  const ReplicaUpdates = [
    ...wanted.filter((RegionName) => !had.includes(RegionName)).map((RegionName) => ({ Create: { RegionName } })),
    ...had.filter((RegionName) => !wanted.includes(RegionName)).map((RegionName) => ({ Delete: { RegionName } })),
  ];
  if (ReplicaUpdates.length > 0) {
    await context.call('dynamodb', 'UpdateTable', { TableName, ReplicaUpdates });
  }
}

/** AWS::DynamoDB::GlobalTable */
export const globalTable: ResourceProvider = {
  async create(context, properties) {
    const made = await createTable(context, asTable(context, properties));
    await orUndo(
      () => replicate(context, made.physicalId, properties, {}),
      () => context.call('dynamodb', 'DeleteTable', { TableName: made.physicalId }),
    );
    return made;
  },
  async update(context, TableName, after, before) {
    const made = await updateTable(context, TableName, asTable(context, after), asTable(context, before));
    await replicate(context, TableName, after, before);
    return made;
  },
  delete: (context, TableName) => ifThere(() => context.call('dynamodb', 'DeleteTable', { TableName })),
};
