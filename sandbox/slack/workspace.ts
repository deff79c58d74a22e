import { SlackApp } from './app';
import { Limits } from './limits';
import { Tickets } from './tickets';
import type { OpenView } from './views';

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly real_name?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_admin?: boolean;
  /** IANA name, such as `Europe/Berlin`. */
  readonly tz?: string;
  /** Seconds from UTC. */
  readonly tz_offset?: number;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly is_archived?: boolean;
  /** Whether the bot is in it; it is unless told otherwise. */
  readonly is_member?: boolean;
  readonly is_private?: boolean;
  /** Ids of the people in it; everybody when left out. */
  readonly members?: readonly string[];
}

/** What a client sent, and where it ended up. */
export interface SlackMessage {
  readonly via: 'webhook' | 'chat.postMessage' | 'chat.postEphemeral' | 'response_url' | 'person';
  /** When it was accepted, ISO 8601. */
  readonly time: string;
  readonly ts: string;
  /** Channel id. */
  readonly channel: string;
  readonly channelName: string;
  /** Path of the incoming webhook. */
  readonly webhook?: string;
  readonly thread_ts?: string;
  /** Who wrote it, when a person did. */
  readonly author?: string;
  /** The only person who sees it, and can click in it. */
  readonly ephemeralTo?: string;
  /** The body as it was posted, updates laid over it. */
  payload: Record<string, unknown>;
  edited?: string;
  /** Accepted, and the connection dropped: its sender cannot know. */
  dropped?: true;
}

export interface SlackFile {
  readonly id: string;
  readonly filename: string;
  readonly length: number;
  content?: Buffer;
  channel?: string;
  title?: string;
}

/** How this Slack misbehaves, and who and what is in it. */
export interface SlackSettings {
  /** Every n-th message is answered with 429. */
  throttleEvery: number;
  /** Seconds in `Retry-After`. */
  retryAfter: number;
  /** The connection drops after every n-th accepted message. */
  dropEvery: number;
  /** Everything is answered with 503. */
  down: boolean;
  /** Answers take so many milliseconds. */
  delay: number;
  /** Webhook paths (`T…/B…/…`) that have been removed. */
  removedWebhooks: string[];
  revokedTokens: string[];
  /** Channel of all incoming webhooks. */
  webhookChannel: string;
  channels: SlackChannel[];
  users: SlackUser[];
  usergroups: { id: string; handle: string; name?: string; users: string[] }[];
  /** Scopes of the bot's token; every one when `null`. */
  scopes: readonly string[] | null;
  /** Calls are limited as Slack's tiers say. */
  rateLimits: boolean;
  /** Milliseconds that an app has for an answer. */
  answerWithin: number;
  /** Seconds before the first, second and third retry of an event. */
  eventRetryDelays: readonly number[];
  /** Milliseconds for which a `trigger_id` is good. */
  triggerLife: number;
}

function initialSettings(): SlackSettings {
  return {
    throttleEvery: 0,
    retryAfter: 1,
    dropEvery: 0,
    down: false,
    delay: 0,
    removedWebhooks: [],
    revokedTokens: [],
    webhookChannel: 'C0ALERTS01',
    channels: [
      { id: 'C0ALERTS01', name: 'security-alerts' },
      { id: 'C0GENERAL1', name: 'general' },
    ],
    users: [
      { id: 'U0ALICE001', name: 'alice', real_name: 'Alice Example', email: 'alice@example.com' },
      { id: 'U0BOB00001', name: 'bob', real_name: 'Bob Example', email: 'bob@example.com' },
    ],
    usergroups: [{ id: 'S0SECURITY', handle: 'security', users: ['U0ALICE001'] }],
    scopes: null,
    rateLimits: false,
    answerWithin: 3000,
    eventRetryDelays: [0, 60, 300],
    triggerLife: 3000,
  };
}

/** One Slack workspace in memory. */
export class Workspace {
  readonly messages: SlackMessage[] = [];
  /** Every view that was opened, pushed, updated or published, in order. */
  readonly views: Record<string, unknown>[] = [];
  /** Those that are on a screen now, by id. */
  readonly openViews = new Map<string, OpenView>();
  readonly files = new Map<string, SlackFile>();
  readonly reactions: { channel: string; timestamp: string; name: string }[] = [];
  settings = initialSettings();
  readonly team = { id: 'T0GARRISON', name: 'sandbox', domain: 'sandbox' };
  readonly bot = { id: 'B0SANDBOX1', user: 'U0SANDBOX1', name: 'sandbox' };
  readonly app = new SlackApp();
  readonly tickets: Tickets;
  readonly limits: Limits;
  private posts = 0;
  private accepted = 0;
  private lastTime = 0;

  /** @param later runs work in the background, such as sending an event */
  constructor(
    readonly now: () => Date,
    readonly endpoint: () => string,
    readonly later: (milliseconds: number, work: () => Promise<void>) => void,
  ) {
    this.tickets = new Tickets(() => now().getTime());
    this.limits = new Limits(() => now().getTime());
  }

  /** A time stamp of Slack's kind: seconds and six digits, each later than the one before. */
  nextTs(): string {
    const time = Math.max(this.now().getTime() * 1000, this.lastTime + 1);
    this.lastTime = time;
    return `${Math.floor(time / 1_000_000)}.${String(time % 1_000_000).padStart(6, '0')}`;
  }

  time(): string {
    return this.now().toISOString();
  }

  /** Whether this post is one that is throttled. */
  throttles(): boolean {
    this.posts += 1;
    const { throttleEvery } = this.settings;
    return throttleEvery > 0 && this.posts % throttleEvery === 0;
  }

  /** Keeps a message; true when the connection is to drop now. */
  accept(message: SlackMessage): boolean {
    this.messages.push(message);
    this.accepted += 1;
    const { dropEvery } = this.settings;
    const drops = dropEvery > 0 && this.accepted % dropEvery === 0;
    if (drops) {
      message.dropped = true;
    }
    return drops;
  }

  channel(name: unknown): SlackChannel | undefined {
    const text = String(name ?? '').replace(/^#/, '');
    const known = this.settings.channels.find((one) => one.id === text || one.name === text);
    const user = this.settings.users.find((one) => one.id === text || `D${one.id.slice(1)}` === text);
    return known ?? (user && { id: `D${user.id.slice(1)}`, name: `@${user.name}` });
  }

  user(id: unknown): SlackUser | undefined {
    return this.settings.users.find((one) => one.id === id);
  }

  /** Whether a person is in a channel, and so may read and write there. */
  isIn(channel: SlackChannel, user: string): boolean {
    return channel.members
      ? channel.members.includes(user)
      : !channel.id.startsWith('D') || channel.id.slice(1) === user.slice(1);
  }

  botProfile() {
    const { id, name } = this.bot;
    return { id, app_id: this.app.id, name, deleted: false, team_id: this.team.id };
  }

  clear(): void {
    this.messages.length = 0;
    this.views.length = 0;
    this.openViews.clear();
    this.app.deliveries.length = 0;
    this.posts = 0;
    this.accepted = 0;
  }
}
