import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as schemas from '@aws-sdk/client-dynamodb';
import { requestTagConditions, resourceTagConditions, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { batchOperations } from './batch';
import { readOperations } from './read';
import { resourcePolicyOperations } from './resourcePolicy';
import { Tables } from './table';
import { tableOperations } from './tables';
import type { Item } from './values';
import { writeOperations } from './write';

interface Input {
  TableName?: string;
  IndexName?: string;
  ResourceArn?: string;
  Key?: Item;
  Item?: Item;
  RequestItems?: Record<string, unknown>;
  TransactItems?: (TransactWriteItem & { Get?: { TableName?: string; Key?: unknown } })[];
  Tags?: { Key?: string; Value?: string }[];
}

const memberActions: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

function tableRequest(
  tables: Tables,
  action: string,
  name: string | undefined,
  context: CallContext,
  given: { input: Input; key?: Item; enclosing?: string },
): AuthorizationRequest {
  const table = tables.find(name, context);
  const arn = table?.arn ?? (name?.startsWith('arn:') ? name : tables.arn(name ?? '', context));
  const hash = table && given.key?.[table.keys.hash];
  const { IndexName, Tags } = given.input;
  return {
    action: `dynamodb:${action}`,
    resources: [IndexName ? `${arn}/index/${IndexName}` : arn],
    resourceAccountId: arn.split(':')[4],
    resourcePolicy: table?.policy,
    conditions: {
      ...requestTagConditions(tagsFrom(Tags)),
      ...resourceTagConditions(table?.tags ?? new Map()),
      ...(given.enclosing ? { 'dynamodb:EnclosingOperation': given.enclosing } : {}),
      ...(hash ? { 'dynamodb:LeadingKeys': [hash.S ?? hash.N ?? ''] } : {}),
    },
  };
}

function authorization(
  tables: Tables,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  if (operation === 'ListTables' || operation === 'DescribeLimits' || operation === 'DescribeEndpoints') {
    return [{ action: `dynamodb:${operation}`, resources: ['*'] }];
  }
  if (input.RequestItems) {
    return Object.keys(input.RequestItems).map((name) => tableRequest(tables, operation, name, context, { input }));
  }
  if (input.TransactItems) {
    return input.TransactItems.flatMap((item) =>
      Object.entries(item)
        .filter(([, member]) => member !== undefined)
        .map(([kind, member]) => {
          const one = member as { TableName?: string; Key?: Item; Item?: Item };
          return tableRequest(tables, memberActions[kind] ?? kind, one.TableName, context, {
            input: {},
            key: one.Key ?? one.Item,
            enclosing: operation,
          });
        }),
    );
  }
  return [
    tableRequest(tables, operation, input.TableName ?? input.ResourceArn, context, {
      input,
      key: input.Key ?? input.Item,
    }),
  ];
}

/** Amazon DynamoDB: tables, items, indexes, expressions, batches, transactions, time to live. No streams, no PartiQL. */
export const createDynamoDb: ServiceFactory = (world) => {
  const tables = new Tables(world);
  return {
    signingNames: ['dynamodb'],
    schemas,
    operations: {
      ...tableOperations(tables),
      ...writeOperations(tables),
      ...readOperations(tables),
      ...batchOperations(tables),
      ...resourcePolicyOperations(tables),
    },
    authorize: (operation, input, context) => authorization(tables, operation, input, context),
  };
};
