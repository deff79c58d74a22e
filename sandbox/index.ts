import type { CallCount } from './core/calls';
import type { RecordedDecision } from './core/decisionLog';
import type { Fault } from './core/faults';
import type { Rate } from './core/limits';
import type { RegionTable } from './core/regions';
import type { Withheld } from './core/withheld';
import type { World } from './core/world';
import { Sandbox } from './sandbox';

export type { CallCount } from './core/calls';
export type { RecordedDecision } from './core/decisionLog';
export type { Fault } from './core/faults';
export type { Withheld } from './core/withheld';
export type { World } from './core/world';

/** An account that the local organization starts with. */
export interface AccountOptions {
  readonly id: string;
  readonly email: string;
  readonly name?: string;
  readonly status?: 'ACTIVE' | 'SUSPENDED';
  /** Regions that are on by default but that the account cannot use. */
  readonly optedOutRegions?: readonly string[];
  /** Opt-in regions that the account has enabled. */
  readonly optedInRegions?: readonly string[];
  /** Organizational units from the root, such as `Workloads/Production`. */
  readonly ouPath?: string;
}

export interface SandboxOptions {
  readonly accounts?: readonly AccountOptions[];
  /** The first account unless given. */
  readonly managementAccount?: string;
  /** The account whose administrator's keys `security` holds; the management account unless given. */
  readonly securityAccount?: string;
  readonly partition?: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly regions?: RegionTable;
  /** Role that Organizations puts in every member account. */
  readonly accessRoleName?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Milliseconds that every answer takes at least. */
  readonly latencyMs?: number;
  /** Throttling by AWS's published quotas, or by rates of one's own. */
  readonly rateLimits?: boolean | Readonly<Record<string, Rate>>;
  /** One account and no organization. */
  readonly empty?: boolean;
  /**
   * Any unknown access key is an administrator of this account, whatever its signature; a key that is the number of
   * another account is that account's root user.
   */
  readonly anyKeyAccount?: string;
  /** Whether calls are authorised; true unless given. */
  readonly enforceIam?: boolean;
  readonly clock?: () => Date;
}

export interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A running local organization. */
export interface RunningSandbox {
  readonly endpoint: string;
  /** The world of now: a reset makes another one. */
  readonly world: World;
  /** Keys of an administrator in the management account; they outlive a reset. */
  readonly management: AccessKeys;
  /** Keys of an administrator in the security account; they outlive a reset. */
  readonly security: AccessKeys;
  /** Where the local Slack answers: incoming webhooks, the Web API, and what was received (`messages`). */
  readonly slack: { readonly endpoint: string };
  readonly faults: { add(fault: Fault): void; clear(): void };
  /** Every call since the start, the reset or `clearCalls`. */
  calls(): CallCount[];
  clearCalls(): void;
  /** What IAM decides, kept from `start` on: once for each thing that is asked, in order. Forgotten by a reset. */
  readonly decisions: { start(): void; stop(): void; list(): RecordedDecision[] };
  /** Statements that IAM overlooks, as if the policies of a role lacked them. Forgotten by a reset. */
  readonly withheld: { add(withheld: Withheld): void; clear(): void };
  /** What went wrong in work that nobody awaited (deliveries, operations of stack sets). */
  backgroundErrors(): readonly unknown[];
  /** A new world behind the same endpoint. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts AWS on loopback: an organization of accounts with its services, in memory.
 *
 * @throws Error when the port is taken
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox = new Sandbox(options);
  await sandbox.start();
  return sandbox;
}
