import { randomBytes } from 'node:crypto';

/** One request of the workspace to the app, and how it went. */
export interface Delivery {
  readonly kind: 'url_verification' | 'event' | 'interaction' | 'command';
  readonly url: string;
  /** When it was sent, ISO 8601. */
  readonly time: string;
  /** `event_id`, for events. */
  readonly id?: string;
  readonly retry?: number;
  readonly retryReason?: string;
  /** HTTP status; absent when no answer came. */
  status?: number;
  /** Why there was no good answer: `http_timeout`, `http_error`, `connection_failed`. */
  failure?: string;
  milliseconds?: number;
  /** The answer's body. */
  answer?: string;
}

/** What an app's pages at api.slack.com would show. */
export interface AppConfiguration {
  readonly interactivityUrl?: string;
  readonly eventsUrl?: string;
  /** Request URLs by command, such as `/privileged-use`. */
  readonly commands: Readonly<Record<string, string>>;
  readonly botEvents: readonly string[];
}

/** The one app of this workspace: whom the workspace calls, and how it signs. */
export class SlackApp {
  readonly id = 'A0SANDBOX1';
  readonly clientId = '100000000000.200000000000';
  readonly clientSecret = randomBytes(16).toString('hex');
  readonly verificationToken = randomBytes(12).toString('hex');
  signingSecret = randomBytes(16).toString('hex');
  configuration: AppConfiguration = { commands: {}, botEvents: [] };
  readonly deliveries: Delivery[] = [];
  /** Bodies of the events that were sent, by `event_id`. */
  readonly events = new Map<string, string>();
}
