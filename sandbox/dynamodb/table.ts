import { createHash, randomUUID } from 'node:crypto';
import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';
import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';
import { compare, type Item, invalid, itemBytes, typeOf, type Value } from './values';

const itemLimit = 409_600;
/** DynamoDB removes expired items within two days or so; until then they can be read. */
const expiryMilliseconds = 48 * 3_600_000;

/** The names of an index's or a table's key. */
export interface KeyNames {
  readonly hash: string;
  readonly range?: string;
}

export function keyNames(schema: readonly KeySchemaElement[] | undefined): KeyNames {
  const find = (type: string) => schema?.find((element) => element.KeyType === type)?.AttributeName;
  return { hash: find('HASH') ?? '', range: find('RANGE') };
}

function keyText(value: Value | undefined): string {
  return value?.S ?? value?.N ?? Buffer.from(value?.B ?? []).toString('base64');
}

/** Where an item lies in a table's order of partitions. */
function partition(value: Value | undefined): string {
  return createHash('md5').update(keyText(value)).digest('hex');
}

/** One table and its items. */
export class Table {
  readonly id = randomUUID();
  readonly keys: KeyNames;
  readonly attributeTypes: ReadonlyMap<string, string>;
  private readonly items = new Map<string, Item>();
  globalIndexes: GlobalSecondaryIndex[];
  readonly localIndexes: LocalSecondaryIndex[];
  ttl?: { attribute: string };
  pointInTimeRecovery = false;
  deletionProtection: boolean;
  policy?: string;
  policyRevision?: string;

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly definition: CreateTableCommandInput,
    readonly tags: Tags,
    readonly createdAt: Date,
  ) {
    this.keys = keyNames(definition.KeySchema);
    this.attributeTypes = new Map(
      (definition.AttributeDefinitions ?? []).map((one) => [one.AttributeName ?? '', one.AttributeType ?? '']),
    );
    this.globalIndexes = [...(definition.GlobalSecondaryIndexes ?? [])];
    this.localIndexes = [...(definition.LocalSecondaryIndexes ?? [])];
    this.deletionProtection = definition.DeletionProtectionEnabled ?? false;
  }

  get size(): number {
    return this.items.size;
  }

  get bytes(): number {
    return [...this.items.values()].reduce((sum, item) => sum + itemBytes(item), 0);
  }

  index(name: string): GlobalSecondaryIndex | LocalSecondaryIndex | undefined {
    return [...this.globalIndexes, ...this.localIndexes].find((one) => one.IndexName === name);
  }

  /** The key of an item, as text. @throws ServiceError `ValidationException` when it does not fit the schema */
  keyOf(key: Item, exact: boolean): string {
    const names = [this.keys.hash, this.keys.range].filter((name) => name !== undefined);
    if (exact && Object.keys(key).length !== names.length) {
      throw invalid('The provided key element does not match the schema');
    }
    const parts = names.map((name) => {
      const value = key[name];
      if (!value) {
        throw invalid(
          exact
            ? 'The provided key element does not match the schema'
            : `One or more parameter values were invalid: Missing the key ${name} in the item`,
        );
      }
      this.checkKeyValue(name, value, exact);
      return keyText(value);
    });
    return JSON.stringify(parts);
  }

  private checkKeyValue(name: string, value: Value, exact: boolean): void {
    const [expected, actual] = [this.attributeTypes.get(name), typeOf(value)];
    if (expected !== actual) {
      throw invalid(
        exact
          ? 'The provided key element does not match the schema'
          : `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected} actual: ${actual}`,
      );
    }
    if (value.S === '' || value.B?.length === 0) {
      const kind = actual === 'S' ? 'string' : 'binary';
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
      );
    }
  }

  get(key: Item): Item | undefined {
    return this.items.get(this.keyOf(key, true));
  }

  /** @throws ServiceError `ValidationException` */
  checkItem(item: Item): void {
    this.keyOf(item, false);
    for (const index of [...this.globalIndexes, ...this.localIndexes]) {
      for (const { AttributeName = '' } of index.KeySchema ?? []) {
        const [value, expected] = [item[AttributeName], this.attributeTypes.get(AttributeName)];
        if (value && typeOf(value) !== expected) {
          throw invalid(
            `One or more parameter values were invalid: Type mismatch for Index Key ${AttributeName} Expected: ${expected} Actual: ${typeOf(value)} IndexName: ${index.IndexName}`,
          );
        }
      }
    }
    if (itemBytes(item) > itemLimit) {
      throw invalid('Item size has exceeded the maximum allowed size');
    }
  }

  put(item: Item): void {
    this.checkItem(item);
    this.items.set(this.keyOf(item, false), item);
  }

  delete(key: Item): void {
    this.items.delete(this.keyOf(key, true));
  }

  /** All items in the order in which a scan tells them: by partition, then by sort key. */
  sorted(names: KeyNames): Item[] {
    const present = [...this.items.values()].filter((item) => item[names.hash] && (!names.range || item[names.range]));
    const keyed = present.map((item) => ({ item, partition: partition(item[names.hash]) }));
    keyed.sort((a, b) => {
      if (a.partition !== b.partition) {
        return a.partition < b.partition ? -1 : 1;
      }
      const byRange = names.range ? (compare(a.item[names.range] ?? {}, b.item[names.range] ?? {}) ?? 0) : 0;
      return byRange || (this.keyOf(a.item, false) < this.keyOf(b.item, false) ? -1 : 1);
    });
    return keyed.map(({ item }) => item);
  }

  /** Which of so many parallel segments an item belongs to. */
  segmentOf(item: Item, total: number): number {
    return Number.parseInt(partition(item[this.keys.hash]).slice(0, 8), 16) % total;
  }

  removeExpired(now: number): void {
    const attribute = this.ttl?.attribute;
    for (const [key, item] of attribute ? this.items : []) {
      const time = Number(item[attribute ?? '']?.N ?? Number.NaN) * 1000;
      if (time + expiryMilliseconds < now) {
        this.items.delete(key);
      }
    }
  }
}

/** Tables of a world. */
export class Tables {
  readonly regions = new Store<Map<string, Table>>(() => new Map());

  constructor(readonly world: World) {}

  arn(name: string, site: Site): string {
    return `arn:${this.world.partition}:dynamodb:${site.region}:${site.accountId}:table/${name}`;
  }

  find(nameOrArn: string | undefined, site: Site): Table | undefined {
    const arn = parseArn(nameOrArn);
    const table = this.regions.at(arn ?? site).get(arn ? (arn.resource.split('/')[1] ?? '') : (nameOrArn ?? ''));
    table?.removeExpired(this.world.now().getTime());
    return table;
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  at(nameOrArn: string | undefined, site: Site): Table {
    const table = this.find(nameOrArn, site);
    if (!table) {
      throw new ServiceError('ResourceNotFoundException', 'Requested resource not found', 400);
    }
    return table;
  }
}
