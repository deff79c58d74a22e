import type {
  CreateTableCommandInput,
  UpdateTableCommandInput,
  UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb';
import { parseArn } from '../common/arn';
import { removeTags, setTags, type Tag, tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { Table, type Tables } from './table';
import { mayUseKey } from './tableKey';
import { invalid } from './values';

function described(table: Table, status = 'ACTIVE') {
  const { definition } = table;
  const provisioned = definition.BillingMode !== 'PAY_PER_REQUEST';
  const throughput = {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: definition.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: definition.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
  };
  const sse = definition.SSESpecification;
  const index = (one: { IndexName?: string; KeySchema?: unknown; Projection?: unknown }) => ({
    IndexName: one.IndexName,
    KeySchema: one.KeySchema,
    Projection: one.Projection,
    IndexArn: `${table.arn}/index/${one.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: table.size,
  });
  return {
    AttributeDefinitions: definition.AttributeDefinitions,
    TableName: table.name,
    KeySchema: definition.KeySchema,
    TableStatus: status,
    CreationDateTime: table.createdAt,
    ProvisionedThroughput: throughput,
    TableSizeBytes: table.bytes,
    ItemCount: table.size,
    TableArn: table.arn,
    TableId: table.id,
    BillingModeSummary: provisioned
      ? undefined
      : { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: table.createdAt },
    GlobalSecondaryIndexes:
      table.globalIndexes.length > 0
        ? table.globalIndexes.map((one) => ({ ...index(one), IndexStatus: status, ProvisionedThroughput: throughput }))
        : undefined,
    LocalSecondaryIndexes: table.localIndexes.length > 0 ? table.localIndexes.map(index) : undefined,
    SSEDescription: sse?.Enabled
      ? { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: sse.KMSMasterKeyId }
      : undefined,
    TableClassSummary: definition.TableClass ? { TableClass: definition.TableClass } : undefined,
    DeletionProtectionEnabled: table.deletionProtection,
  };
}

function checkDefinition(input: CreateTableCommandInput): void {
  const name = parseArn(input.TableName)?.resource.split('/')[1] ?? input.TableName ?? '';
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(`TableName must be at least 3 characters long and at most 255 characters long`);
  }
  if (input.StreamSpecification?.StreamEnabled) {
    throw invalid('The local organization has no DynamoDB streams.');
  }
  const defined = new Set((input.AttributeDefinitions ?? []).map((one) => one.AttributeName));
  const schemas = [input, ...(input.GlobalSecondaryIndexes ?? []), ...(input.LocalSecondaryIndexes ?? [])];
  const used = new Set(schemas.flatMap((one) => one.KeySchema ?? []).map((element) => element.AttributeName));
  for (const attribute of used) {
    if (!defined.has(attribute)) {
      throw invalid(
        `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${[...used].join(', ')}], AttributeDefinitions: [${[...defined].join(', ')}]`,
      );
    }
  }
  if (defined.size > used.size) {
    throw invalid(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  const { ReadCapacityUnits, WriteCapacityUnits } = input.ProvisionedThroughput ?? {};
  if (input.BillingMode === 'PAY_PER_REQUEST') {
    if (ReadCapacityUnits || WriteCapacityUnits) {
      throw invalid(
        'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    }
  } else if (!ReadCapacityUnits || !WriteCapacityUnits) {
    throw invalid(
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
}

function createTable(tables: Tables): Handler {
  return async (input: CreateTableCommandInput, context) => {
    checkDefinition(input);
    await mayUseKey(input.SSESpecification, context);
    const name = parseArn(input.TableName)?.resource.split('/')[1] ?? input.TableName ?? '';
    const region = tables.regions.at(context);
    if (region.has(name)) {
      throw new ServiceError('ResourceInUseException', `Table already exists: ${name}`, 400);
    }
    const table = new Table(name, tables.arn(name, context), input, tagsFrom(input.Tags), context.world.now());
    table.policy = input.ResourcePolicy;
    region.set(name, table);
    return { TableDescription: described(table, 'CREATING') };
  };
}

function namedTable(tables: Tables, name: string | undefined, context: CallContext): Table {
  const table = tables.find(name, context);
  if (!table) {
    throw new ServiceError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`, 400);
  }
  return table;
}

function updateTable(tables: Tables): Handler {
  return async (input: UpdateTableCommandInput, context) => {
    const table = namedTable(tables, input.TableName, context);
    await mayUseKey(input.SSESpecification, context);
    if (input.StreamSpecification?.StreamEnabled) {
      throw invalid('The local organization has no DynamoDB streams.');
    }
    const { definition } = table;
    definition.BillingMode = input.BillingMode ?? definition.BillingMode;
    definition.ProvisionedThroughput =
      input.BillingMode === 'PAY_PER_REQUEST'
        ? undefined
        : (input.ProvisionedThroughput ?? definition.ProvisionedThroughput);
    definition.SSESpecification = input.SSESpecification ?? definition.SSESpecification;
    definition.TableClass = input.TableClass ?? definition.TableClass;
    table.deletionProtection = input.DeletionProtectionEnabled ?? table.deletionProtection;
    for (const { AttributeName = '', AttributeType = '' } of input.AttributeDefinitions ?? []) {
      (table.attributeTypes as Map<string, string>).set(AttributeName, AttributeType);
    }
    definition.AttributeDefinitions = [...table.attributeTypes].map(([AttributeName, type]) => ({
      AttributeName,
      AttributeType: type as 'S',
    }));
    for (const change of input.GlobalSecondaryIndexUpdates ?? []) {
      const gone = change.Delete?.IndexName ?? change.Create?.IndexName;
      table.globalIndexes = table.globalIndexes.filter((one) => one.IndexName !== gone);
      table.globalIndexes.push(...(change.Create ? [change.Create] : []));
    }
    return { TableDescription: described(table, 'UPDATING') };
  };
}

function deleteTable(tables: Tables): Handler {
  return (input: { TableName: string }, context) => {
    const table = namedTable(tables, input.TableName, context);
    if (table.deletionProtection) {
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    tables.regions
      .at({ accountId: table.arn.split(':')[4] ?? '', region: table.arn.split(':')[3] ?? '' })
      .delete(table.name);
    return { TableDescription: described(table, 'DELETING') };
  };
}

function timeToLive(tables: Tables): Record<string, Handler> {
  return {
    UpdateTimeToLive: (input: UpdateTimeToLiveCommandInput, context) => {
      const table = tables.at(input.TableName, context);
      const { AttributeName = '', Enabled } = input.TimeToLiveSpecification ?? {};
      if (Enabled === (table.ttl !== undefined)) {
        throw invalid(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
      }
      table.ttl = Enabled ? { attribute: AttributeName } : undefined;
      return { TimeToLiveSpecification: input.TimeToLiveSpecification };
    },
    DescribeTimeToLive: (input: { TableName: string }, context) => {
      const { ttl } = tables.at(input.TableName, context);
      return {
        TimeToLiveDescription: ttl
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttl.attribute }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
  };
}

function backups(tables: Tables): Record<string, Handler> {
  const answer = (table: Table) => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: table.pointInTimeRecovery ? 'ENABLED' : 'DISABLED' },
    },
  });
  return {
    DescribeContinuousBackups: (input: { TableName: string }, context) => answer(tables.at(input.TableName, context)),
    UpdateContinuousBackups: (
      input: { TableName: string; PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled?: boolean } },
      context,
    ) => {
      const table = tables.at(input.TableName, context);
      table.pointInTimeRecovery = input.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false;
      return answer(table);
    },
  };
}

function tagging(tables: Tables): Record<string, Handler> {
  return {
    TagResource: (input: { ResourceArn: string; Tags: Tag[] }, context) => {
      setTags(tables.at(input.ResourceArn, context).tags, input.Tags);
    },
    UntagResource: (input: { ResourceArn: string; TagKeys: string[] }, context) => {
      removeTags(tables.at(input.ResourceArn, context).tags, input.TagKeys);
    },
    ListTagsOfResource: (input: { ResourceArn: string }, context) => ({
      Tags: tagList(tables.at(input.ResourceArn, context).tags),
    }),
  };
}

/** Creating, describing, changing and deleting tables. */
export function tableOperations(tables: Tables): Record<string, Handler> {
  return {
    CreateTable: createTable(tables),
    DescribeTable: (input: { TableName: string }, context) => ({
      Table: described(namedTable(tables, input.TableName, context)),
    }),
    UpdateTable: updateTable(tables),
    DeleteTable: deleteTable(tables),
    ListTables: (input: { Limit?: number; ExclusiveStartTableName?: string }, context) => {
      const names = [...tables.regions.at(context).keys()]
        .sort()
        .filter((name) => name > (input.ExclusiveStartTableName ?? ''));
      const limit = Math.min(input.Limit ?? 100, 100);
      const TableNames = names.slice(0, limit);
      return { TableNames, LastEvaluatedTableName: names.length > limit ? TableNames.at(-1) : undefined };
    },
    ...timeToLive(tables),
    ...backups(tables),
    ...tagging(tables),
  };
}
