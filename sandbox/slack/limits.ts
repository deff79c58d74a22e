import { methodFacts } from './methodFacts';

const minute = 60_000;
/** Messages that a channel takes at once before one a second is all it takes. */
const burst = 5;

/** Slack's published tiers: calls in a minute, per method and workspace. One message a second and channel. */
export class Limits {
  private readonly calls = new Map<string, number[]>();
  private readonly channels = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly now: () => number) {}

  /** Seconds for `Retry-After` when the call is one too many. */
  refuse(method: string, channel: unknown): number | undefined {
    if (method === 'chat.postMessage') {
      return this.refusePost(String(channel));
    }
    const perMinute = methodFacts(method).perMinute;
    const now = this.now();
    const recent = (this.calls.get(method) ?? []).filter((time) => now - time < minute);
    this.calls.set(method, recent);
    if (perMinute !== undefined && recent.length >= perMinute) {
      return Math.max(1, Math.ceil(((recent[0] ?? now) + minute - now) / 1000));
    }
    recent.push(now);
    return undefined;
  }

  private refusePost(channel: string): number | undefined {
    const now = this.now();
    const bucket = this.channels.get(channel) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1000);
    bucket.at = now;
    this.channels.set(channel, bucket);
    if (bucket.tokens < 1) {
      return 1;
    }
    bucket.tokens -= 1;
    return undefined;
  }
}
