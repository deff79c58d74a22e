/** An account and a region: where most of AWS keeps its state. */
export interface Site {
  readonly accountId: string;
  readonly region: string;
}

/** State of one service, separate for each account and region, made on first use. */
export class Store<State> {
  private readonly states = new Map<string, State>();

  constructor(private readonly create: (site: Site) => State) {}

  at(site: Site): State {
    const key = `${site.accountId}/${site.region}`;
    let state = this.states.get(key);
    if (state === undefined) {
      state = this.create({ accountId: site.accountId, region: site.region });
      this.states.set(key, state);
    }
    return state;
  }

  all(): Iterable<State> {
    return this.states.values();
  }
}
