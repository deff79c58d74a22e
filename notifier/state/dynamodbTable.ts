import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AlertTable, Item, NewItem } from './table';

/** The alert table in DynamoDB. The client loads with the first call. */
export function dynamodbTable(tableName: string, region?: string): AlertTable {
  let loading: Promise<[typeof import('@aws-sdk/client-dynamodb'), DynamoDBClient]> | undefined;
  const load = () => {
    loading ??= import('@aws-sdk/client-dynamodb').then((module) => [module, new module.DynamoDBClient({ region })]);
    return loading;
  };
  const write = async (item: NewItem, version: number, condition?: string, values?: Record<string, AttributeValue>) => {
    const [{ PutItemCommand, ConditionalCheckFailedException }, client] = await load();
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: marshalled({ ...item, version }),
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  };
  return {
    get: async (id) => {
      const [{ GetItemCommand }, client] = await load();
      const answer = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true }),
      );
      return answer.Item === undefined ? undefined : unmarshalled(answer.Item);
    },
    create: (item) => write(item, 1, 'attribute_not_exists(id)'),
    replace: (previous, item) =>
      write(item, previous.version + 1, 'version = :previous', { ':previous': { N: String(previous.version) } }),
    put: async (item) => {
      await write(item, Date.now());
    },
  };
}

function marshalled(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]): [string, AttributeValue][] => {
      switch (typeof value) {
        case 'string':
          return [[name, { S: value }]];
        case 'number':
          return [[name, { N: String(value) }]];
        case 'boolean':
          return [[name, { BOOL: value }]];
        default:
          return [];
      }
    }),
  );
}

function unmarshalled(attributes: Readonly<Record<string, AttributeValue>>): Item {
  const values = Object.entries(attributes).map(([name, value]) => [
    name,
    value.N === undefined ? (value.S ?? value.BOOL) : Number(value.N),
  ]);
  return { id: '', version: 0, expiresAt: 0, ...Object.fromEntries(values) };
}
