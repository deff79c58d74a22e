import type { GetItemCommandInput, QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import type { CallContext, Handler } from '../core/service';
import { type Condition, holds, type Operand, type Path, parseCondition } from './condition';
import { parseProjection, project } from './projection';
import { type KeyNames, keyNames, type Table, type Tables } from './table';
import { type Placeholders, TokenReader } from './tokens';
import { compare, type Item, invalid, itemBytes, normalItem } from './values';
import { capacity, placeholdersOf, refuseLegacy } from './write';

/** Bytes that one page evaluates at most. */
const pageBytes = 1_048_576;

interface Source {
  readonly names: KeyNames;
  readonly projected?: readonly Path[];
}

function sourceOf(table: Table, indexName: string | undefined): Source {
  if (indexName === undefined) {
    return { names: table.keys };
  }
  const index = table.index(indexName);
  if (!index) {
    throw invalid(`The table does not have the specified index: ${indexName}`);
  }
  const names = keyNames(index.KeySchema);
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
  if (ProjectionType === 'ALL' || ProjectionType === undefined) {
    return { names };
  }
  const keys = [table.keys.hash, table.keys.range, names.hash, names.range].filter((name) => name !== undefined);
  const extra = ProjectionType === 'INCLUDE' ? NonKeyAttributes : [];
  return { names, projected: [...new Set([...keys, ...extra])].map((name) => [name]) };
}

/** The comparisons that a key condition joins by AND. */
function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

function attributeOf(condition: Condition): string | undefined {
  const first: Operand | undefined =
    condition.kind === 'compare'
      ? condition.left
      : condition.kind === 'between'
        ? condition.of
        : condition.kind === 'function'
          ? condition.operands[0]
          : undefined;
  return first?.kind === 'path' && first.path.length === 1 ? String(first.path[0]) : undefined;
}

function checkKeyCondition(condition: Condition, names: KeyNames): void {
  const parts = conjuncts(condition);
  const onHash = parts.filter((part) => attributeOf(part) === names.hash);
  if (onHash.length === 0) {
    throw invalid(`Query condition missed key schema element: ${names.hash}`);
  }
  const [hash] = onHash;
  const others = parts.filter((part) => part !== hash);
  const wrongHash = hash?.kind !== 'compare' || hash.operator !== '=';
  const wrongOther = others.some((part) => {
    const comparison =
      part.kind === 'between' ||
      (part.kind === 'compare' && part.operator !== '<>') ||
      (part.kind === 'function' && part.name === 'begins_with');
    return !comparison;
  });
  if (wrongHash || wrongOther || others.length > 1) {
    throw invalid('Query key condition not supported');
  }
  const [other] = others;
  if (other && attributeOf(other) !== names.range) {
    throw invalid(`Query condition missed key schema element: ${names.range ?? attributeOf(other)}`);
  }
}

interface PageQuery {
  readonly table: Table;
  readonly source: Source;
  readonly items: readonly Item[];
  readonly limit?: number;
  readonly start?: Item;
  readonly filter?: Condition;
}

function sameKey(table: Table, a: Item, b: Item): boolean {
  return [table.keys.hash, table.keys.range].every(
    (name) => name === undefined || compare(a[name] ?? {}, b[name] ?? {}) === 0,
  );
}

/** The items after a key that was told last; it may have been deleted meanwhile. */
function after(query: PageQuery): readonly Item[] {
  const { start, items, table } = query;
  if (!start) {
    return items;
  }
  const given = normalItem(start);
  const at = items.findIndex((item) => sameKey(table, item, given));
  return at >= 0 ? items.slice(at + 1) : afterMissing(query, given);
}

function afterMissing({ source, items, table }: PageQuery, start: Item): readonly Item[] {
  const { range = table.keys.range } = source.names;
  if (!range) {
    return [];
  }
  const first = items[0]?.[range];
  const last = items.at(-1)?.[range];
  const descending = first && last ? (compare(first, last) ?? 0) > 0 : false;
  return items.filter((item) => {
    const order = compare(item[range] ?? {}, start[range] ?? {}) ?? 0;
    return descending ? order < 0 : order > 0;
  });
}

function page(query: PageQuery) {
  const found: Item[] = [];
  let [scanned, bytes] = [0, 0];
  let last: Item | undefined;
  const items = after(query);
  for (const item of items) {
    if (scanned >= (query.limit ?? Number.POSITIVE_INFINITY) || bytes >= pageBytes) {
      break;
    }
    scanned += 1;
    bytes += itemBytes(item);
    last = item;
    if (!query.filter || holds(query.filter, item)) {
      found.push(item);
    }
  }
  const limited = query.limit !== undefined && scanned === query.limit;
  const more = scanned < items.length || (limited && scanned > 0);
  return { found, scanned, bytes, last: more ? last : undefined };
}

function keyOfItem(table: Table, names: KeyNames, item: Item | undefined): Item | undefined {
  const keys = [table.keys.hash, table.keys.range, names.hash, names.range].filter((name) => name !== undefined);
  return item && (Object.fromEntries([...new Set(keys)].map((name) => [name, item[name]])) as Item);
}

interface Words {
  readonly placeholders: Placeholders;
  readonly filter?: Condition;
  readonly paths?: Path[];
}

function wordsOf(input: ScanCommandInput | QueryCommandInput): Words {
  refuseLegacy(input);
  const placeholders = placeholdersOf(input);
  const filter =
    input.FilterExpression === undefined
      ? undefined
      : parseCondition(new TokenReader(input.FilterExpression, 'FilterExpression', placeholders));
  const paths =
    input.ProjectionExpression === undefined ? undefined : parseProjection(input.ProjectionExpression, placeholders);
  return { placeholders, filter, paths };
}

function answer(input: ScanCommandInput | QueryCommandInput, query: PageQuery, paths: Path[] | undefined) {
  if (query.limit !== undefined && query.limit < 1) {
    throw invalid(
      "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  }
  const { found, scanned, bytes, last } = page(query);
  const shown = found.map((item) => project(project(item, query.source.projected), paths));
  return {
    Items: input.Select === 'COUNT' ? undefined : shown,
    Count: found.length,
    ScannedCount: scanned,
    LastEvaluatedKey: keyOfItem(query.table, query.source.names, last),
    ConsumedCapacity: capacity(input, query.table, bytes, 4096, input.ConsistentRead ? 1 : 0.5),
  };
}

function query(tables: Tables): Handler {
  return (input: QueryCommandInput, context) => {
    const table = tables.at(input.TableName, context);
    const source = sourceOf(table, input.IndexName);
    checkConsistency(table, input);
    const words = wordsOf(input);
    if (input.KeyConditionExpression === undefined) {
      throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
    }
    const reader = new TokenReader(input.KeyConditionExpression, 'KeyConditionExpression', words.placeholders);
    const condition = parseCondition(reader);
    words.placeholders.checkAllUsed();
    checkKeyCondition(condition, source.names);
    const items = table.sorted(source.names).filter((item) => holds(condition, item));
    const ordered = input.ScanIndexForward === false ? items.reverse() : items;
    const start = input.ExclusiveStartKey as Item | undefined;
    return answer(
      input,
      { table, source, items: ordered, limit: input.Limit, start, filter: words.filter },
      words.paths,
    );
  };
}

function checkConsistency(table: Table, input: ScanCommandInput | QueryCommandInput): void {
  if (input.ConsistentRead && table.globalIndexes.some((one) => one.IndexName === input.IndexName)) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
}

function scan(tables: Tables): Handler {
  return (input: ScanCommandInput, context) => {
    const table = tables.at(input.TableName, context);
    const source = sourceOf(table, input.IndexName);
    checkConsistency(table, input);
    const words = wordsOf(input);
    words.placeholders.checkAllUsed();
    const { Segment, TotalSegments } = input;
    const all = table.sorted(source.names);
    const items = TotalSegments ? all.filter((item) => table.segmentOf(item, TotalSegments) === Segment) : all;
    const start = input.ExclusiveStartKey as Item | undefined;
    return answer(input, { table, source, items, limit: input.Limit, start, filter: words.filter }, words.paths);
  };
}

/** One item, or the part of it that was asked for. */
export function readItem(table: Table, input: Partial<GetItemCommandInput>): Item | undefined {
  refuseLegacy(input);
  const key = normalItem((input.Key ?? {}) as Item);
  const placeholders = placeholdersOf(input);
  const paths =
    input.ProjectionExpression === undefined ? undefined : parseProjection(input.ProjectionExpression, placeholders);
  placeholders.checkAllUsed();
  const item = table.get(key);
  return item && project(item, paths);
}

/** GetItem, Query, Scan. */
export function readOperations(tables: Tables): Record<string, Handler> {
  return {
    GetItem: (input: GetItemCommandInput, context: CallContext) => {
      const table = tables.at(input.TableName, context);
      const Item = readItem(table, input);
      const factor = input.ConsistentRead ? 1 : 0.5;
      return { Item, ConsumedCapacity: capacity(input, table, itemBytes(Item ?? {}), 4096, factor) };
    },
    Query: query(tables),
    Scan: scan(tables),
  };
}
