import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

let sandbox: RunningSandbox;
let dynamo: DynamoDBClient;
const TableName = 'things';

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: '111111111111', email: 'a@example.com' }] });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  dynamo = new DynamoDBClient({ region: 'us-east-1', endpoint: sandbox.endpoint, credentials: sandbox.management });
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
        { AttributeName: 'kind', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byKind',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
});

const put = (id: string, at: number, more: object = {}) =>
  dynamo.send(new PutItemCommand({ TableName, Item: { id: { S: id }, at: { N: String(at) }, ...more } }));
const update = (input: Partial<UpdateItemCommandInput>) =>
  dynamo.send(
    new UpdateItemCommand({ TableName, Key: { id: { S: 'a' }, at: { N: '1' } }, ReturnValues: 'ALL_NEW', ...input }),
  );

test('a query tells a partition in the order of its sort key, page by page', async () => {
  for (const at of [10, 2, 1, 3.5]) {
    await put('a', at);
  }
  await put('b', 1);
  const page = (ExclusiveStartKey?: QueryCommand['input']['ExclusiveStartKey']) =>
    dynamo.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'id = :id AND #at > :from',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':id': { S: 'a' }, ':from': { N: '1' } },
        Limit: 2,
        ScanIndexForward: false,
        ExclusiveStartKey,
      }),
    );
  const first = await page();
  const second = await page(first.LastEvaluatedKey);
  const times = [...(first.Items ?? []), ...(second.Items ?? [])].map((item) => item.at?.N);
  expect(times).toEqual(['10', '3.5', '2']);
});

test('an update adds, appends, removes and counts exactly', async () => {
  await put('a', 1, {
    notes: { L: [{ S: 'x' }] },
    tags: { SS: ['p', 'q'] },
    box: { M: { deep: { N: '0.1' } } },
    gone: { BOOL: true },
  });
  const { Attributes } = await update({
    UpdateExpression:
      'SET #count = if_not_exists(#count, :zero) + :more, notes = list_append(notes, :list), box.deep = box.deep + :tiny REMOVE gone ADD seen :one DELETE tags :tags',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: {
      ':zero': { N: '0' },
      ':more': { N: '2' },
      ':list': { L: [{ N: '1' }] },
      ':tiny': { N: '0.2' },
      ':one': { N: '1' },
      ':tags': { SS: ['q'] },
    },
  });
  expect(Attributes).toEqual({
    id: { S: 'a' },
    at: { N: '1' },
    count: { N: '2' },
    notes: { L: [{ S: 'x' }, { N: '1' }] },
    box: { M: { deep: { N: '0.3' } } },
    seen: { N: '1' },
    tags: { SS: ['p'] },
  });
});

test('conditions hold, and a failed one can show the item', async () => {
  await put('a', 1, { state: { S: 'open' } });
  const item = {
    TableName,
    Item: { id: { S: 'a' }, at: { N: '1' } },
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  await expect(dynamo.send(new PutItemCommand(item))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { state: { S: 'open' } },
  });
  const found = await dynamo.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'begins_with(#s, :o) AND NOT (size(#s) > :n OR contains(#s, :x)) AND #s IN (:open, :x)',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':o': { S: 'op' }, ':n': { N: '4' }, ':x': { S: 'x' }, ':open': { S: 'open' } },
    }),
  );
  expect(found.Count).toBe(1);
});

test('a transaction happens whole or not at all', async () => {
  await put('a', 1);
  const transaction = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: { TableName, Item: { id: { S: 'new' }, at: { N: '1' } } } },
      {
        ConditionCheck: {
          TableName,
          Key: { id: { S: 'a' }, at: { N: '1' } },
          ConditionExpression: 'attribute_not_exists(id)',
        },
      },
    ],
  });
  await expect(dynamo.send(transaction)).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
  expect(
    (await dynamo.send(new GetItemCommand({ TableName, Key: { id: { S: 'new' }, at: { N: '1' } } }))).Item,
  ).toBeUndefined();
});

test('an index holds the items that have its key, and what it projects of them', async () => {
  const Item = (id: string) => ({ id: { S: id }, at: { N: '1' }, kind: { S: 'k' }, body: { S: 'long' } });
  await dynamo.send(
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: ['a', 'b'].map((id) => ({ PutRequest: { Item: Item(id) } })) },
    }),
  );
  await put('c', 1);
  const found = await dynamo.send(
    new QueryCommand({
      TableName,
      IndexName: 'byKind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'k' } },
    }),
  );
  expect(found.Items?.map((item) => Object.keys(item).sort())).toEqual([
    ['at', 'id', 'kind'],
    ['at', 'id', 'kind'],
  ]);
});

test('expressions are refused in DynamoDB’s words', async () => {
  const refusal = (input: Partial<UpdateItemCommandInput>) =>
    update(input).then(
      () => undefined,
      (error: Error) => error.message,
    );
  const values = { ExpressionAttributeValues: { ':v': { N: '1' } } };
  expect(await refusal({ UpdateExpression: 'SET status = :v', ...values })).toBe(
    'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
  );
  expect(await refusal({ UpdateExpression: 'SET a = :w' })).toBe(
    'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w',
  );
  expect(await refusal({ UpdateExpression: 'REMOVE a', ...values })).toBe(
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
  );
  expect(await refusal({ UpdateExpression: 'SET id = :v', ...values })).toBe(
    'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
  );
  expect(await refusal({ UpdateExpression: 'SET a.b = :v', ...values })).toBe(
    'The document path provided in the update expression is invalid for update',
  );
  expect(await refusal({ Key: { id: { S: 'a' } } })).toBe('The provided key element does not match the schema');
  await dynamo.send(new DeleteTableCommand({ TableName }));
  await expect(put('a', 1)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
