/** Bands in which GuardDuty documents severities: Low 1.0–3.9, Medium 4.0–6.9, High 7.0–8.9, Critical 9.0–10.0. */
export type SeverityBand = 'Low' | 'Medium' | 'High' | 'Critical';

/** Where a secret lies. The secret itself is in no template, setting, log or error. */
export type SecretReference =
  /** Name of an SSM SecureString in the home region. */
  | { readonly kind: 'parameter'; readonly name: string }
  /** Secrets Manager; `key` names a member when the secret is a JSON object. */
  | { readonly kind: 'secret'; readonly id: string; readonly key?: string }
  /** Base64 of `kms:Encrypt`, with the encryption context `{ purpose: 'garrison-notifier' }`. */
  | { readonly kind: 'ciphertext'; readonly ciphertext: string };

/** Who is called: `here`, `channel`, `none`, a user group's id (`S…`) or a user's id (`U…`, `W…`). */
export type Mention = string;

/** A place to which alerts go. */
export type DestinationSettings =
  /** Slack incoming webhook: one channel, no threads. */
  | { readonly type: 'slack-webhook'; readonly secret: SecretReference }
  /** Slack bot token: `chat.postMessage`, with threads. `channel` is an id such as `C0123ABCD`. */
  | {
      readonly type: 'slack-bot';
      readonly secret: SecretReference;
      readonly channel: string;
      /** `https://slack.com/api` unless given. */
      readonly apiUrl?: string;
      /** Clicks on its messages are answered by the Slack app: buttons are more than links. */
      readonly app?: boolean;
    }
  | { readonly type: 'sns'; readonly topicArn: string }
  /** JSON by POST, signed with HMAC-SHA-256 over `<timestamp>.<body>`. */
  | { readonly type: 'signed-webhook'; readonly url: SecretReference; readonly signingKey: SecretReference }
  /** Microsoft Teams workflow: an adaptive card. */
  | { readonly type: 'teams'; readonly secret: SecretReference }
  /** PagerDuty Events API v2; the secret is the integration's routing key. */
  | { readonly type: 'pagerduty'; readonly secret: SecretReference; readonly endpoint?: string };

/** All members given must match; within a member any. `*` stands for any run of characters. */
export interface RouteMatch {
  readonly severity?: readonly SeverityBand[];
  /** Ids of detections. */
  readonly detection?: readonly string[];
  /** GuardDuty finding types, such as `CryptoCurrency:*`. */
  readonly findingType?: readonly string[];
  /** Account ids or names. */
  readonly account?: readonly string[];
  /** Paths of organizational units, such as `Workloads/*`; a path covers what is below it. */
  readonly ou?: readonly string[];
  readonly region?: readonly string[];
}

/** The first route that matches decides. */
export interface RouteSettings {
  readonly name: string;
  readonly match: RouteMatch;
  /** Names from `NotifierSettings.destinations`; the default destination when omitted. */
  readonly destinations?: readonly string[];
  /** Slack channel id in place of the destination's own; bot token only. */
  readonly channel?: string;
  readonly mention?: Mention;
  /** Matching alerts are recorded and not sent, until the day `until` (YYYY-MM-DD, UTC) has passed. */
  readonly silence?: { readonly reason: string; readonly until: string };
}

/** Parts of an alert that can make up its deduplication key. */
export type KeyPart = 'type' | 'resource' | 'account' | 'region' | 'finding' | 'actor';

/**
 * What happens when an alert of the same key comes again within its window. `first`: the counter only;
 * `escalation`: the thread and the counter, and a new message when the band rises; `every`: a new message each time.
 */
export type RepeatPolicy = 'first' | 'escalation' | 'every';

/** How the console's link lands in the right account. */
export type ConsoleAccess =
  /** Access portal of IAM Identity Center, such as `https://acme.awsapps.com/start`. */
  | { readonly kind: 'accessPortal'; readonly url: string; readonly roleName: string }
  /** The console's own switching of roles, from whatever account the reader is signed in to. */
  | { readonly kind: 'switchRole'; readonly roleName: string }
  /** A plain link. */
  | { readonly kind: 'none' };

/**
 * All that the notifier knows beside the event: plain data, written at synth to `settings.json` beside the bundle.
 * Holds no secrets.
 */
export interface NotifierSettings {
  readonly version: 1;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly homeRegion: string;
  readonly securityAccountId: string;
  readonly accounts: readonly { readonly id: string; readonly name?: string; readonly ou?: string }[];
  readonly language: 'en' | 'ja';
  /** Alerts below are dropped unless a route names their band. GuardDuty's scale, 1–10. */
  readonly minimumSeverity: number;
  /** Mention where no route gives one. */
  readonly mention: Mention;
  readonly destinations: Readonly<Record<string, DestinationSettings>>;
  readonly defaultDestination: string;
  readonly routes: readonly RouteSettings[];
  readonly consoleAccess: ConsoleAccess;
  /** Where `garrison.yaml` is edited; behind the button "silence like this". */
  readonly configurationUrl?: string;
  /** DynamoDB table for deduplication, threads and records. Without one, a warm function's memory has to do. */
  readonly tableName?: string;
  readonly deduplication: {
    readonly key: readonly KeyPart[];
    /** Seconds, by band. */
    readonly windows: Readonly<Record<SeverityBand, number>>;
  };
  readonly repeats: RepeatPolicy;
  /** More than `threshold` messages to one channel in `windowSeconds` become one digest; 0 turns digests off. */
  readonly digest: { readonly threshold: number; readonly windowSeconds: number };
  /** Sample findings: sent and marked, or dropped. */
  readonly samples: 'mark' | 'drop';
  /** Days for which records of announced findings are kept. */
  readonly recordDays: number;
}
