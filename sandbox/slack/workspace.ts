export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly real_name?: string;
  readonly deleted?: boolean;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly is_archived?: boolean;
  /** Whether the bot is in it; it is unless told otherwise. */
  readonly is_member?: boolean;
}

/** What a client sent, and where it ended up. */
export interface SlackMessage {
  readonly via: 'webhook' | 'chat.postMessage' | 'chat.postEphemeral';
  /** When it was accepted, ISO 8601. */
  readonly time: string;
  readonly ts: string;
  /** Channel id. */
  readonly channel: string;
  readonly channelName: string;
  /** Path of the incoming webhook. */
  readonly webhook?: string;
  readonly thread_ts?: string;
  /** The body as it was posted, updates laid over it. */
  payload: Record<string, unknown>;
  edited?: string;
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
  usergroups: { id: string; handle: string; users: string[] }[];
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
  };
}

/** One Slack workspace in memory. */
export class Workspace {
  readonly messages: SlackMessage[] = [];
  readonly views: Record<string, unknown>[] = [];
  readonly files = new Map<string, SlackFile>();
  readonly reactions: { channel: string; timestamp: string; name: string }[] = [];
  settings = initialSettings();
  readonly team = { id: 'T0GARRISON', name: 'sandbox', domain: 'sandbox' };
  readonly bot = { id: 'B0SANDBOX1', user: 'U0SANDBOX1', name: 'sandbox' };
  private posts = 0;
  private accepted = 0;
  private lastTime = 0;

  constructor(private readonly now: () => Date) {}

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
    return dropEvery > 0 && this.accepted % dropEvery === 0;
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

  clear(): void {
    this.messages.length = 0;
    this.views.length = 0;
    this.posts = 0;
    this.accepted = 0;
  }
}
