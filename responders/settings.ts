import type { ResponderId } from '../organization/config/responders';
import { hasTags } from './wildcard';

/** Where a responder acts, and how: all that is given must hold. */
export interface Enforcement {
  readonly responders: readonly ResponderId[];
  readonly strategy: string;
  readonly accounts?: readonly string[];
  /** Paths of organizational units; each stands for those below it, too. */
  readonly ous?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** A person is asked first. */
  readonly approval: boolean;
}

/** A resource that is left alone: by a tag, for a reason, until a day. */
export interface Exemption {
  readonly responders?: readonly ResponderId[];
  readonly tags: Readonly<Record<string, string>>;
  readonly reason: string;
  /** The last day, YYYY-MM-DD (UTC). */
  readonly until: string;
}

/** Which images are approved: one of these has to hold. */
export interface ImageLists {
  readonly ids: readonly string[];
  readonly owners: readonly string[];
  readonly names: readonly { readonly name: string; readonly owner: string }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly awsServices: boolean;
}

/** All that the responders know beside the event: plain data, written at synth to `settings.json` beside the bundle. */
export interface RespondingSettings {
  readonly version: 1;
  readonly partition: string;
  readonly homeRegion: string;
  readonly securityAccountId: string;
  /** Path and name of the role that stands in every account, such as `/GarrisonResponder`. */
  readonly role: string;
  readonly accounts: readonly { readonly id: string; readonly name?: string; readonly ou?: string }[];
  /** Regions that are guarded; `all` that the security account has enabled. */
  readonly regions: readonly string[] | 'all';
  readonly enabled: readonly ResponderId[];
  readonly enforce: readonly Enforcement[];
  readonly exemptions: readonly Exemption[];
  readonly exemptionTag?: string;
  /** Ports that may be open to everybody, by account where it differs. */
  readonly allowedPorts: {
    readonly everybody: readonly number[];
    readonly accounts: Readonly<Record<string, readonly number[]>>;
  };
  readonly images: ImageLists;
  readonly buckets: readonly string[];
  readonly findingPublishingFrequency: string;
  readonly breaker: { readonly actions: number; readonly minutes: number };
  /** Ids of the people who may decide; everybody unless given. */
  readonly approvers?: readonly string[];
  readonly approvalMinutes: number;
  readonly recordDays: number;
  readonly queues: { readonly responses: string; readonly alerts: string };
  readonly tableName: string;
  /** Of what is said in Slack; English unless given. */
  readonly language?: 'en' | 'ja';
}

/** How a responder treats a resource. */
export interface Treatment {
  readonly strategy: string;
  readonly approval: boolean;
}

/** The strategy for a resource: the last rule that matches, `notify` where none does. Pure. */
export function treatmentOf(
  settings: RespondingSettings,
  responder: string,
  accountId: string,
  tags: Readonly<Record<string, string>>,
): Treatment {
  const account = settings.accounts.find(({ id }) => id === accountId);
  const rule = account && settings.enforce.findLast((each) => matches(each, responder, account, tags));
  return rule === undefined
    ? { strategy: 'notify', approval: false }
    : { strategy: rule.strategy, approval: rule.approval && rule.strategy !== 'notify' };
}

function matches(
  rule: Enforcement,
  responder: string,
  { id, ou }: { readonly id: string; readonly ou?: string },
  tags: Readonly<Record<string, string>>,
): boolean {
  const path = ou?.replace(/^\/|\/$/g, '');
  return (
    (rule.responders as readonly string[]).includes(responder) &&
    (rule.accounts === undefined || rule.accounts.includes(id)) &&
    (rule.ous === undefined || rule.ous.some((unit) => path === unit || path?.startsWith(`${unit}/`))) &&
    (rule.tags === undefined || hasTags(tags, rule.tags))
  );
}

/** Ports that may be open to everybody in an account. */
export function allowedPortsOf({ allowedPorts }: RespondingSettings, accountId: string): readonly number[] {
  return Object.hasOwn(allowedPorts.accounts, accountId)
    ? (allowedPorts.accounts[accountId] as readonly number[])
    : allowedPorts.everybody;
}
