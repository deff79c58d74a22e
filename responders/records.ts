import { epochSeconds } from '../notifier/epoch';
import { digest } from '../notifier/hash';
import type { DetectionMark, EventBridgeEvent } from '../notifier/queue';
import type { AlertTable, Item } from '../notifier/state/table';
import type { Response } from './response';

/** What a response is about, for its follow-ups. */
export interface About {
  readonly event: EventBridgeEvent;
  readonly detection?: DetectionMark;
  /** No alert stands behind it. */
  readonly alone?: boolean;
}

/** A response that this invocation holds: nobody else touches it until the lease ends. */
export interface Held {
  readonly item: Item;
  readonly response: Response;
  readonly about: About;
  /** Another invocation held it before and did not finish. */
  readonly resumed: boolean;
}

export type Claim =
  | { readonly kind: 'held'; readonly held: Held }
  /** Somebody else has it for so many seconds more. */
  | { readonly kind: 'busy'; readonly seconds: number }
  | {
      readonly kind: 'ended';
      readonly response: Response;
      readonly about: About;
      readonly reported: boolean;
      readonly item: Item;
    };

/** The record was taken over by another invocation, whose lease this one has outlived. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly code = 'responder.lease.lost';
}

/** Seconds for which a response is nobody else's: longer than the function may run. */
export const leaseSeconds = 75;
/** Items of the table hold 400 KB: an event that fills more than this is kept without what the call answered. */
const longestEvent = 60_000;

/** Id of a response: the same for the same event, responder and resource. */
export function responseId(triggerId: string, responder: string, resource: string): string {
  return `r-${digest([triggerId, responder, resource]).slice(0, 20)}`;
}

/** Records of responses in the table `garrison-responses`. */
export class Records {
  constructor(
    private readonly table: AlertTable,
    private readonly days: number,
  ) {}

  /** Begins a response, or takes over one that was left; whoever comes second finds it busy or ended. */
  async claim(response: Response, about: About, owner: string, now: Date): Promise<Claim> {
    const fresh = this.itemOf(response, about, owner, now);
    if (await this.table.create(fresh)) {
      return { kind: 'held', held: { item: { ...fresh, version: 1 }, response, about, resumed: false } };
    }
    return (await this.takeOver(response.id, owner, now)) ?? this.claim(response, about, owner, now);
  }

  /** Takes over a response that is there; `undefined` when there is none. */
  async takeOver(id: string, owner: string, now: Date): Promise<Claim | undefined> {
    const found = await this.table.get(id);
    if (found === undefined) {
      return undefined;
    }
    const { response, about } = contentOf(found);
    if (response.outcome !== 'open' && response.outcome !== 'waiting') {
      return { kind: 'ended', response, about, reported: found.reported === true, item: found };
    }
    const busy = Number(found.leaseUntil) - epochSeconds(now);
    if (busy > 0) {
      return { kind: 'busy', seconds: busy };
    }
    return this.take(found, owner, now);
  }

  /** Takes an item as it was read, whatever its state. */
  async take(found: Item, owner: string, now: Date): Promise<Claim> {
    const { response, about } = contentOf(found);
    const item = { ...found, owner, leaseUntil: epochSeconds(now) + leaseSeconds };
    return (await this.table.replace(found, item))
      ? {
          kind: 'held',
          held: { item: { ...item, version: found.version + 1 }, response, about, resumed: found.owner !== '' },
        }
      : { kind: 'busy', seconds: 1 };
  }

  async get(
    id: string,
  ): Promise<{ readonly item: Item; readonly response: Response; readonly about: About } | undefined> {
    const item = await this.table.get(id);
    return item && { item, ...contentOf(item) };
  }

  /**
   * Writes what is known now; `release` lets go of it.
   *
   * @throws LeaseLost
   */
  async save(held: Held, response: Response, now: Date, { release = false, reported = false } = {}): Promise<Held> {
    const item = {
      ...this.itemOf(response, held.about, release ? '' : String(held.item.owner), now),
      leaseUntil: release ? 0 : epochSeconds(now) + leaseSeconds,
      reported,
    };
    if (!(await this.table.replace(held.item, item))) {
      throw new LeaseLost(`The record ${response.id} was changed by somebody else.`);
    }
    return { ...held, item: { ...item, version: held.item.version + 1 }, response };
  }

  private itemOf(response: Response, about: About, owner: string, now: Date) {
    return {
      id: response.id,
      responder: response.responder,
      account: response.accountId,
      outcome: response.outcome,
      at: response.at,
      response: JSON.stringify(response),
      about: JSON.stringify(shortened(about)),
      owner,
      leaseUntil: epochSeconds(now) + leaseSeconds,
      reported: false,
      expiresAt: epochSeconds(new Date(response.at)) + this.days * 86_400,
    };
  }
}

/** What an item of the table holds. */
function contentOf(item: Item): { readonly response: Response; readonly about: About } {
  return {
    response: JSON.parse(String(item.response)) as Response,
    about: JSON.parse(String(item.about)) as About,
  };
}

function shortened(about: About): About {
  if (JSON.stringify(about).length <= longestEvent) {
    return about;
  }
  const { responseElements: _, ...detail } = about.event.detail;
  const without = { ...about, event: { ...about.event, detail } };
  return JSON.stringify(without).length <= longestEvent
    ? without
    : { ...about, event: { ...about.event, detail: { ...detail, requestParameters: null } } };
}
