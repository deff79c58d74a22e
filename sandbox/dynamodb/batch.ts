import type {
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  TransactGetItemsCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { readItem } from './read';
import type { Table, Tables } from './table';
import { type Item, invalid } from './values';
import { checkWrite, commit, deleteWrite, meets, putWrite, updateWrite, type Write } from './write';

const mostWrites = 25;
const mostReads = 100;
const mostInTransaction = 100;

function checkDistinct(keys: readonly string[], message: string): void {
  if (new Set(keys).size !== keys.length) {
    throw invalid(message);
  }
}

function batchWrite(tables: Tables): Handler {
  return (input: BatchWriteItemCommandInput, context) => {
    const requests = Object.entries(input.RequestItems ?? {}).flatMap(([name, list]) =>
      (list ?? []).map((request) => ({ name, request })),
    );
    if (requests.length === 0 || requests.length > mostWrites) {
      throw invalid(
        `1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to ${mostWrites}, Member must have length greater than or equal to 1]`,
      );
    }
    const writes = requests.map(({ name, request }) => {
      const table = tables.at(name, context);
      return request.PutRequest
        ? putWrite(table, { Item: request.PutRequest.Item })
        : deleteWrite(table, { Key: request.DeleteRequest?.Key });
    });
    const keys = writes.map((write) => `${write.table.arn} ${write.table.keyOf(write.key, true)}`);
    checkDistinct(keys, 'Provided list of item keys contains duplicates');
    for (const write of writes) {
      commit(write, write.change(undefined));
    }
    return { UnprocessedItems: {} };
  };
}

function batchGet(tables: Tables): Handler {
  return (input: BatchGetItemCommandInput, context) => {
    const Responses: Record<string, Item[]> = {};
    let count = 0;
    for (const [name, request] of Object.entries(input.RequestItems ?? {})) {
      const table = tables.at(name, context);
      const { Keys = [], ...options } = request;
      count += Keys.length;
      checkDistinct(
        Keys.map((key) => table.keyOf(key as Item, true)),
        'Provided list of item keys contains duplicates',
      );
      const found = Keys.map((Key) => readItem(table, { ...options, Key })).filter((item) => item !== undefined);
      Responses[name] = found;
    }
    if (count === 0 || count > mostReads) {
      throw invalid('Too many items requested for the BatchGetItem call');
    }
    return { Responses, UnprocessedKeys: {} };
  };
}

function writeOf(tables: Tables, item: TransactWriteItem, context: CallContext): Write {
  const at = (one: { TableName?: string }): Table => tables.at(one.TableName, context);
  if (item.Put) {
    return putWrite(at(item.Put), item.Put);
  }
  if (item.Update) {
    return updateWrite(at(item.Update), item.Update);
  }
  if (item.Delete) {
    return deleteWrite(at(item.Delete), item.Delete);
  }
  if (item.ConditionCheck) {
    return checkWrite(at(item.ConditionCheck), item.ConditionCheck);
  }
  throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

function attempt(write: Write): { reason: Reason; after?: Item } {
  const before = write.table.get(write.key);
  try {
    meets(write, before);
    const after = write.change(before);
    if (after) {
      write.table.checkItem(after);
    }
    return { reason: { Code: 'None' }, after };
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    const Code = error.code === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError';
    return { reason: { Code, Message: error.message, Item: error.members.Item } };
  }
}

/** Answers of transactions by their client tokens, which hold for ten minutes. */
class Tokens {
  private readonly known = new Map<string, { body: string; until: number }>();

  /** True when the same request was done before. @throws ServiceError when another one was */
  seen(key: string, body: string, now: number): boolean {
    const before = this.known.get(key);
    if (!before || before.until < now) {
      this.known.set(key, { body, until: now + 600_000 });
      return false;
    }
    if (before.body !== body) {
      throw new ServiceError(
        'IdempotentParameterMismatchException',
        'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
        400,
      );
    }
    return true;
  }

  forget(key: string): void {
    this.known.delete(key);
  }
}

function transactWrite(tables: Tables): Handler {
  const tokens = new Tokens();
  return (input: TransactWriteItemsCommandInput, context) => {
    const items = input.TransactItems ?? [];
    if (items.length === 0 || items.length > mostInTransaction) {
      throw invalid(
        `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${mostInTransaction}`,
      );
    }
    const writes = items.map((item) => writeOf(tables, item, context));
    const keys = writes.map((write) => `${write.table.arn} ${write.table.keyOf(write.key, true)}`);
    checkDistinct(keys, 'Transaction request cannot include multiple operations on one item');
    const token = input.ClientRequestToken && `${context.accountId} ${context.region} ${input.ClientRequestToken}`;
    if (token && tokens.seen(token, JSON.stringify(items), context.world.now().getTime())) {
      return {};
    }
    const attempts = writes.map(attempt);
    const reasons = attempts.map(({ reason }) => reason);
    if (reasons.some(({ Code }) => Code !== 'None')) {
      tokens.forget(token ?? '');
      const codes = reasons.map(({ Code }) => Code).join(', ');
      throw new ServiceError(
        'TransactionCanceledException',
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
        400,
        { CancellationReasons: reasons },
      );
    }
    for (const [index, write] of writes.entries()) {
      commit(write, attempts[index]?.after);
    }
    return {};
  };
}

function transactGet(tables: Tables): Handler {
  return (input: TransactGetItemsCommandInput, context) => {
    const items = input.TransactItems ?? [];
    if (items.length > mostInTransaction) {
      throw invalid(
        `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${mostInTransaction}`,
      );
    }
    const Responses = items.map(({ Get }) => ({ Item: readItem(tables.at(Get?.TableName, context), Get ?? {}) }));
    return { Responses };
  };
}

/** Batches, which are many requests in one, and transactions, which happen whole or not at all. */
export function batchOperations(tables: Tables): Record<string, Handler> {
  return {
    BatchWriteItem: batchWrite(tables),
    BatchGetItem: batchGet(tables),
    TransactWriteItems: transactWrite(tables),
    TransactGetItems: transactGet(tables),
  };
}
