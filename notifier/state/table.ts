/** What is written: flat; what is deeper is kept as JSON. */
export interface NewItem {
  readonly id: string;
  /** Epoch seconds: DynamoDB's time to live. */
  readonly expiresAt: number;
  readonly [attribute: string]: string | number | boolean | undefined;
}

/** One item of the alert table. */
export interface Item extends NewItem {
  /** Counts changes: the optimistic lock. */
  readonly version: number;
}

/** The few things that the notifier asks of its table; each is one conditional write or one consistent read. */
export interface AlertTable {
  get(id: string): Promise<Item | undefined>;
  /** False when there is such an item already (an expired one that is not yet swept away counts). */
  create(item: NewItem): Promise<boolean>;
  /** Replaces the item that was read as `previous`; false when somebody else changed it meanwhile. */
  replace(previous: Item, item: NewItem): Promise<boolean>;
  /** Writes whatever there was. */
  put(item: NewItem): Promise<void>;
}

/** DynamoDB did not answer, or refused. `reason` is AWS's name for the error. */
export class TableUnavailable extends Error {
  override readonly name = 'TableUnavailable';
  readonly code = 'notifier.table.unavailable';

  constructor(readonly reason: string) {
    super(reason);
  }
}

/** By its name: the function's two bundles may have a class each. */
export function isTableUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'TableUnavailable';
}

/** Several concurrent invocations changed the same item, again and again. The message comes again. */
export class TableBusy extends Error {
  override readonly name = 'TableBusy';
  readonly code = 'notifier.table.busy';
}

const attempts = 8;

/**
 * Reads, changes and writes one item until nobody interferes. `change` gets `undefined` when there is none or it has
 * expired, and answers with the new item, or `undefined` to leave all as it is.
 *
 * @throws TableBusy
 */
export async function change<Result>(
  table: AlertTable,
  id: string,
  now: Date,
  decide: (item: Item | undefined) => { readonly item?: NewItem; readonly result: Result },
): Promise<Result> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await table.get(id);
    const live = found !== undefined && found.expiresAt > now.getTime() / 1_000 ? found : undefined;
    const { item, result } = decide(live);
    if (item === undefined) {
      return result;
    }
    const written = found === undefined ? await table.create(item) : await table.replace(found, item);
    if (written) {
      return result;
    }
  }
  throw new TableBusy('The alert table is busy.');
}
