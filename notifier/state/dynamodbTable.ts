import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AlertTable, type Item, type NewItem, TableUnavailable } from './table';

/** The alert table in DynamoDB. The client loads with the first call. */
export function dynamodbTable(tableName: string, region?: string): AlertTable {
  let client: DynamoDBClient | undefined;
  const load = () => {
    const sdk = require('@aws-sdk/client-dynamodb') as typeof import('@aws-sdk/client-dynamodb');
    client ??= new sdk.DynamoDBClient({ region });
    return { sdk, client };
  };
  const write = (item: NewItem, version: number, condition?: string, values?: Record<string, AttributeValue>) => {
    const { sdk, client } = load();
    const put = new sdk.PutItemCommand({
      TableName: tableName,
      Item: marshalled({ ...item, version }),
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
    return client.send(put).then(() => true, refusal);
  };
  return {
    get: async (id) => {
      const { sdk, client } = load();
      const get = new sdk.GetItemCommand({ TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true });
      const answer = await client.send(get).catch(refusal);
      return answer === false || answer.Item === undefined ? undefined : unmarshalled(answer.Item);
    },
    create: (item) => write(item, 1, 'attribute_not_exists(id)'),
    replace: (previous, item) =>
      write(item, previous.version + 1, 'version = :previous', { ':previous': { N: String(previous.version) } }),
    put: async (item) => {
      await write(item, Date.now());
    },
  };
}

/** A condition that does not hold is an answer; everything else is a failure of the table. */
function refusal(error: unknown): false {
  const name = (error as Error).name;
  if (name !== 'ConditionalCheckFailedException') {
    throw new TableUnavailable(name);
  }
  return false;
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
