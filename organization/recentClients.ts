import type { ClientClass } from './sessions';

/**
 * Clients that were used last. Even an unused one takes 18 kB (measured), and a first rollout over thousands of accounts needs one
 * for every cell: those that are not used any more must go. They hold no connections, which are shared.
 */
export class RecentClients {
  private readonly clients = new Map<string, unknown>();
  private readonly owners = new WeakMap<object, number>();
  private ownerCount = 0;

  constructor(private readonly most: number) {}

  get<C>(owner: object, kind: ClientClass<C>, region: string, create: () => C): C {
    const key = `${this.numberOf(owner)}/${kind.name}/${region}`;
    const client = this.clients.get(key) ?? create();
    // The last in the map is the one used last.
    this.clients.delete(key);
    this.clients.set(key, client);
    const [oldest] = this.clients.keys();
    if (this.clients.size > this.most && oldest !== undefined) {
      this.clients.delete(oldest);
    }
    return client as C;
  }

  private numberOf(owner: object): number {
    const known = this.owners.get(owner);
    if (known !== undefined) {
      return known;
    }
    this.ownerCount += 1;
    this.owners.set(owner, this.ownerCount);
    return this.ownerCount;
  }
}
