import type {
  DeleteItemCommandInput,
  PutItemCommandInput,
  ReturnValue,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { type Condition, holds, parseCondition, valueAt } from './condition';
import type { Table, Tables } from './table';
import { Placeholders, TokenReader } from './tokens';
import { type Action, applyUpdate, parseUpdate } from './update';
import { type Item, invalid, itemBytes, normalItem } from './values';

interface Expressions {
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: unknown;
  ReturnValuesOnConditionCheckFailure?: string;
}

/** A write that was checked as far as its words go, and is still to meet its item. */
export interface Write {
  readonly table: Table;
  readonly key: Item;
  readonly condition?: Condition;
  readonly returnOnFailure: boolean;
  /** The item as it is to be; `undefined` deletes it, the item itself changes nothing. */
  change(before: Item | undefined): Item | undefined;
  /** For updates: which attributes they name. */
  readonly actions?: readonly Action[];
}

/** Parameters of the time before expressions. */
const legacy = ['Expected', 'AttributeUpdates', 'KeyConditions', 'QueryFilter', 'ScanFilter', 'AttributesToGet'];

export function refuseLegacy(input: object): void {
  const used = legacy.find((name) => (input as Record<string, unknown>)[name] !== undefined);
  if (used) {
    throw invalid(`The local organization does not know the legacy parameter ${used}; use an expression.`);
  }
}

export function placeholdersOf(input: Expressions): Placeholders {
  const values = input.ExpressionAttributeValues as Item | undefined;
  if (values && Object.keys(values).length === 0) {
    throw invalid('ExpressionAttributeValues must not be empty');
  }
  return new Placeholders(input.ExpressionAttributeNames, values && normalItem(values));
}

function expressions(input: Expressions): { condition?: Condition; actions: Action[] } {
  refuseLegacy(input);
  const placeholders = placeholdersOf(input);
  const read = (source: string, kind: string) => new TokenReader(source, kind, placeholders);
  const actions =
    input.UpdateExpression === undefined ? [] : parseUpdate(read(input.UpdateExpression, 'UpdateExpression'));
  const condition =
    input.ConditionExpression === undefined
      ? undefined
      : parseCondition(read(input.ConditionExpression, 'ConditionExpression'));
  placeholders.checkAllUsed();
  return { condition, actions };
}

const returnsOnFailure = (input: Expressions) => input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';

export function putWrite(table: Table, input: Partial<PutItemCommandInput>): Write {
  const item = normalItem((input.Item ?? {}) as Item);
  const { condition } = expressions(input);
  table.checkItem(item);
  const { hash, range } = table.keys;
  const key = Object.fromEntries(
    [hash, range].filter((name) => name !== undefined).map((name) => [name, item[name]]),
  ) as Item;
  return { table, key, condition, returnOnFailure: returnsOnFailure(input), change: () => item };
}

export function deleteWrite(table: Table, input: Partial<DeleteItemCommandInput>): Write {
  const key = normalItem((input.Key ?? {}) as Item);
  table.keyOf(key, true);
  const { condition } = expressions(input);
  return { table, key, condition, returnOnFailure: returnsOnFailure(input), change: () => undefined };
}

export function updateWrite(table: Table, input: Partial<UpdateItemCommandInput>): Write {
  const key = normalItem((input.Key ?? {}) as Item);
  table.keyOf(key, true);
  const { condition, actions } = expressions(input);
  for (const { path } of actions) {
    if (path[0] === table.keys.hash || path[0] === table.keys.range) {
      throw invalid(
        `One or more parameter values were invalid: Cannot update attribute ${path[0]}. This attribute is part of the key`,
      );
    }
  }
  const change = (before: Item | undefined) => applyUpdate(actions, before ?? key);
  return { table, key, condition, returnOnFailure: returnsOnFailure(input), change, actions };
}

export function checkWrite(table: Table, input: Expressions & { Key?: unknown }): Write {
  const key = normalItem((input.Key ?? {}) as Item);
  table.keyOf(key, true);
  const { condition } = expressions(input);
  return { table, key, condition, returnOnFailure: returnsOnFailure(input), change: (before) => before };
}

/** @throws ServiceError `ConditionalCheckFailedException` */
export function meets(write: Write, before: Item | undefined): void {
  if (write.condition && !holds(write.condition, before ?? {})) {
    const Item = write.returnOnFailure && before ? before : undefined;
    throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed', 400, { Item });
  }
}

export function commit(write: Write, after: Item | undefined): void {
  if (after) {
    write.table.put(after);
  } else {
    write.table.delete(write.key);
  }
}

function perform(write: Write): { before?: Item; after?: Item } {
  const before = write.table.get(write.key);
  meets(write, before);
  const after = write.change(before);
  commit(write, after);
  return { before, after };
}

/** The attributes that an update named, as they are in an item. */
function namedIn(item: Item | undefined, actions: readonly Action[]): Item | undefined {
  const names = [...new Set(actions.map(({ path }) => String(path[0])))];
  const found = names.map((name) => [name, item && valueAt(item, [name])] as const).filter(([, value]) => value);
  return found.length > 0 ? (Object.fromEntries(found) as Item) : undefined;
}

function returned(
  kind: ReturnValue | undefined,
  result: { before?: Item; after?: Item },
  actions: readonly Action[],
): Item | undefined {
  switch (kind) {
    case 'ALL_OLD':
      return result.before;
    case 'ALL_NEW':
      return result.after;
    case 'UPDATED_OLD':
      return namedIn(result.before, actions);
    case 'UPDATED_NEW':
      return namedIn(result.after, actions);
    default:
      return undefined;
  }
}

/** Capacity that a request of so many bytes takes, when the request wants to know. */
export function capacity(
  input: { ReturnConsumedCapacity?: string },
  table: Table,
  bytes: number,
  unit: number,
  factor = 1,
) {
  return input.ReturnConsumedCapacity && input.ReturnConsumedCapacity !== 'NONE'
    ? { TableName: table.name, CapacityUnits: Math.max(1, Math.ceil(bytes / unit)) * factor }
    : undefined;
}

function operation<Input extends { TableName?: string; ReturnValues?: ReturnValue; ReturnConsumedCapacity?: string }>(
  tables: Tables,
  allowed: readonly string[],
  make: (table: Table, input: Input) => Write,
): Handler {
  return (input: Input, context: CallContext) => {
    const table = tables.at(input.TableName, context);
    if (input.ReturnValues && !allowed.includes(input.ReturnValues)) {
      throw invalid('Return values set to invalid value');
    }
    const write = make(table, input);
    const result = perform(write);
    const bytes = itemBytes(result.after ?? result.before ?? {});
    return {
      Attributes: returned(input.ReturnValues, result, write.actions ?? []),
      ConsumedCapacity: capacity(input, table, bytes, 1024),
    };
  };
}

/** PutItem, UpdateItem, DeleteItem. */
export function writeOperations(tables: Tables): Record<string, Handler> {
  return {
    PutItem: operation(tables, ['NONE', 'ALL_OLD'], putWrite),
    DeleteItem: operation(tables, ['NONE', 'ALL_OLD'], deleteWrite),
    UpdateItem: operation(tables, ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'], updateWrite),
  };
}
