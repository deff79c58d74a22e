import type { AttributeValue, DynamoDBClient, QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { beginning, type Entry, type Link } from './chain';
import { itemsOf } from './items';
import { chainId, entryOf, mostItems, type RecordTable, RecordUnavailable, type StoredItem } from './table';

type Sdk = typeof import('@aws-sdk/client-dynamodb');
type Attributes = Record<string, AttributeValue>;

interface Given {
  readonly region?: string;
  readonly client?: DynamoDBClient;
}

/** The record in DynamoDB: partition key `id`, sort key `number`. The client loads with the first call. */
export function dynamodbRecord(tableName: string, given: Given = {}): RecordTable {
  return new DynamodbRecord(tableName, given);
}

class DynamodbRecord implements RecordTable {
  private client: DynamoDBClient | undefined;

  constructor(
    private readonly tableName: string,
    private readonly given: Given,
  ) {
    this.client = given.client;
  }

  async tail(): Promise<Link> {
    const { Items = [] } = await this.query(chainId, { ScanIndexForward: false, Limit: 1 });
    return Items[0] === undefined ? beginning : entryOf(unmarshalled(Items[0]));
  }

  async append(entries: readonly Entry[]): Promise<boolean> {
    const { sdk, client } = this.load();
    const transaction = new sdk.TransactWriteItemsCommand({ TransactItems: puts(this.tableName, entries) });
    return client.send(transaction).then(
      () => true,
      (error: unknown) => (isCollision(error) ? false : unavailable(error)),
    );
  }

  async under(key: string, limit?: number): Promise<readonly Entry[]> {
    const numbers: number[] = [];
    const options = { ScanIndexForward: false, Limit: limit };
    for await (const item of pages((ExclusiveStartKey) => this.query(key, { ...options, ExclusiveStartKey }))) {
      numbers.push(item.number);
      if (numbers.length === limit) {
        break;
      }
    }
    return fetchEntries(this.load(), this.tableName, numbers);
  }

  async *from(number: number): AsyncIterable<Entry> {
    const options = since({ N: String(number) });
    for await (const item of pages((ExclusiveStartKey) => this.query(chainId, { ...options, ExclusiveStartKey }))) {
      yield entryOf(item);
    }
  }

  items(): AsyncIterable<StoredItem> {
    const { sdk, client } = this.load();
    const input: ScanCommandInput = { TableName: this.tableName, ConsistentRead: true };
    return pages((ExclusiveStartKey) =>
      client.send(new sdk.ScanCommand({ ...input, ExclusiveStartKey })).catch(unavailable),
    );
  }

  private load(): { readonly sdk: Sdk; readonly client: DynamoDBClient } {
    const sdk = require('@aws-sdk/client-dynamodb') as Sdk;
    this.client ??= new sdk.DynamoDBClient({ region: this.given.region });
    return { sdk, client: this.client };
  }

  private query(id: string, options: Partial<QueryCommandInput>): Promise<Page> {
    const { sdk, client } = this.load();
    return client.send(new sdk.QueryCommand(queryInput(this.tableName, id, options))).catch(unavailable);
  }
}

async function* pages(send: (start?: Attributes) => Promise<Page>): AsyncIterable<StoredItem> {
  let start: Attributes | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await send(start);
    yield* Items.map(unmarshalled);
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

interface Page {
  readonly Items?: Attributes[];
  readonly LastEvaluatedKey?: Attributes;
}

function queryInput(TableName: string, id: string, options: Partial<QueryCommandInput>): QueryCommandInput {
  return {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: '#id = :id',
    ...options,
    ExpressionAttributeNames: { '#id': 'id', ...options.ExpressionAttributeNames },
    ExpressionAttributeValues: { ':id': { S: id }, ...options.ExpressionAttributeValues },
  };
}

function since(from: AttributeValue): Partial<QueryCommandInput> {
  return {
    KeyConditionExpression: '#id = :id AND #number >= :from',
    ExpressionAttributeNames: { '#number': 'number' },
    ExpressionAttributeValues: { ':from': from },
  };
}

function puts(TableName: string, entries: readonly Entry[]) {
  return entries.flatMap(itemsOf).map((item) => ({
    Put: { TableName, Item: marshalled(item), ConditionExpression: 'attribute_not_exists(id)' },
  }));
}

const pauses = [50, 100, 200, 400, 800];

/** Entries by their numbers, in that order. */
async function fetchEntries(
  { sdk, client }: { readonly sdk: Sdk; readonly client: DynamoDBClient },
  tableName: string,
  numbers: readonly number[],
): Promise<Entry[]> {
  const found = new Map<number, Entry>();
  let missing = [...new Set(numbers)];
  let tries = 0;
  while (missing.length > 0 && tries < pauses.length) {
    const Keys = missing.slice(0, mostItems).map((number) => ({ id: { S: chainId }, number: { N: String(number) } }));
    const input = { RequestItems: { [tableName]: { Keys, ConsistentRead: true } } };
    const { Responses = {}, UnprocessedKeys = {} } = await client
      .send(new sdk.BatchGetItemCommand(input))
      .catch(unavailable);
    for (const item of (Responses[tableName] ?? []).map(unmarshalled)) {
      found.set(item.number, entryOf(item));
    }
    const unprocessed = (UnprocessedKeys[tableName]?.Keys ?? []).map((key) => Number(key.number?.N));
    missing = [...unprocessed, ...missing.slice(mostItems)];
    if (unprocessed.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, pauses[tries]));
      tries += 1;
    }
  }
  if (missing.length > 0) {
    throw new RecordUnavailable('UnprocessedKeys');
  }
  return numbers.map((number) => found.get(number) ?? entryOf({ id: chainId, number }));
}

/** Somebody else took the number, or writes it this very moment. */
function isCollision(error: unknown): boolean {
  const { name, CancellationReasons = [] } = error as { name?: string; CancellationReasons?: { Code?: string }[] };
  const codes = CancellationReasons.map(({ Code }) => Code);
  return (
    name === 'TransactionConflictException' ||
    (name === 'TransactionCanceledException' &&
      codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict'))
  );
}

function unavailable(cause: unknown): never {
  throw new RecordUnavailable(cause instanceof Error ? cause.name : 'unknown error', { cause });
}

function marshalled({ id, number, content, previous, hash }: StoredItem): Attributes {
  return {
    id: { S: id },
    number: { N: String(number) },
    ...(content === undefined ? {} : { content: { S: content } }),
    ...(previous === undefined ? {} : { previous: { S: previous } }),
    ...(hash === undefined ? {} : { hash: { S: hash } }),
  };
}

function unmarshalled({ id, number, content, previous, hash }: Attributes): StoredItem {
  return { id: id?.S ?? '', number: Number(number?.N), content: content?.S, previous: previous?.S, hash: hash?.S };
}
