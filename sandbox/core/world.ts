import type { DecisionLog } from './decisionLog';
import type { CallHistory } from './history';
import type { IdentityLink } from './identity';
import type { KeyRing } from './keys';
import type { OrganizationLink } from './organization';
import type { Caller } from './service';
import type { WithheldStatements } from './withheld';

/** An account of the local organization, as every service sees it. */
export interface SandboxAccount {
  readonly id: string;
  email: string;
  name: string;
  status: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
  /** Regions in which the account can act; the rest are not opted in to. */
  readonly enabledRegions: Set<string>;
  /** Where the account starts in the organization, such as `Workloads/Production`; in the root when absent. */
  readonly ouPath?: string;
  /** `CreateAccount`'s `RoleName`, when it names one: the role that lets the management account in. */
  readonly accessRoleName?: string;
  /** The account in AWS GovCloud (US) that was created with this one. */
  readonly govCloudAccountId?: string;
}

/** An event on its way to an event bus, in EventBridge's own words. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  readonly time?: Date;
}

/**
 * One local organization: accounts, clock and the services that run in it.
 * Many can stand side by side in one process; `reset` is a new world behind the same endpoint.
 */
export interface World {
  readonly partition: string;
  /** All regions that exist in this world, and whether they need opting in. */
  readonly regions: ReadonlyMap<string, { readonly optIn: boolean }>;
  readonly accounts: Map<string, SandboxAccount>;
  /** Management account of the organization of all `accounts` that stands from the start; none does when absent. */
  readonly managementAccountId?: string;
  /** The account in which unknown keys act; none is let in when absent. */
  readonly anyKeyAccount?: string;
  /** What the Organizations service tells the others. One `new OrganizationLink()` per world. */
  readonly organization: OrganizationLink;
  /** What the IAM service tells the others. */
  readonly identity: IdentityLink;
  /** Every access key of this world. */
  readonly keys: KeyRing;
  /** The latest calls, as CloudTrail remembers them. */
  readonly history: CallHistory;
  /** What IAM decided, where somebody asked to know. */
  readonly decisions: DecisionLog;
  /** What IAM overlooks in the policies of roles. */
  readonly withheld: WithheldStatements;
  /** Where clients, and the functions that run here, reach this world. Known once it listens. */
  readonly endpoint: string;
  now(): Date;
  /**
   * Calls another service inside the sandbox: authorised like a call over the wire, counted,
   * recorded as the caller's. `via` names the service through which the caller calls (`aws:CalledVia`).
   * Throws `ServiceError`.
   */
  call<Output = unknown>(
    service: string,
    operation: string,
    input: unknown,
    as: { caller: Caller; region: string; accountId?: string; via?: string },
  ): Promise<Output>;
  /**
   * Asks IAM what such a call would ask, and makes none. Throws `ServiceError` when the call would be refused, or when
   * there is no such service.
   */
  ask(
    service: string,
    operation: string,
    input: unknown,
    as: { caller: Caller; region: string; accountId?: string; via?: string },
  ): Promise<void>;
  /** A caller for an AWS service's principal, such as `events.amazonaws.com`, acting for a resource. */
  serviceCaller(principal: string, source: { accountId: string; arn: string }): Caller;
  /**
   * The session that `service` gets when it assumes a role, trust policy and all. Throws `ServiceError`
   * (`AccessDenied`) when the role does not exist or does not trust it.
   */
  assumeRole(roleArn: string, sessionName: string, as: Caller, region: string): Promise<Caller>;
  /** Access keys for a caller (an assumed role's session), for child processes. */
  mintKeys(caller: Caller): { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Puts an event on an account's default bus: the way GuardDuty and CloudTrail do. Never throws. */
  emit(event: BusEvent, at: { accountId: string; region: string }): void;
  /**
   * Runs work later (asynchronous operations, event delivery); errors are reported, not thrown.
   * Cancelled when the world ends. `idle()` waits for all of it.
   */
  later(milliseconds: number, work: () => Promise<void> | void): void;
  idle(): Promise<void>;
}
