import { findRefusal, refusalMessage } from './authorization';
import { CallLog } from './calls';
import { DecisionLog } from './decisionLog';
import { encodeRefusal } from './encodedRefusal';
import { ServiceError } from './errors';
import { Faults } from './faults';
import type { CallHistory } from './history';
import { IdentityLink } from './identity';
import { requestId } from './ids';
import { KeyRing } from './keys';
import { Limits, type Rate } from './limits';
import { OrganizationLink } from './organization';
import { accessDenied, dialectOf, refusal } from './refusals';
import { globalRegion, isGlobalService, partitionRegions, type RegionTable } from './regions';
import { Registry, type RunningService, type ServiceEntry } from './registry';
import type { AuthorizationRequest, CallContext, Caller, RawRequest } from './service';
import { Timers } from './timers';
import { TrailLog } from './trailLog';
import { isReadOnly } from './trailNames';
import { WithheldStatements } from './withheld';
import type { BusEvent, SandboxAccount, World } from './world';

export interface WorldSettings {
  readonly partition: string;
  readonly regions?: RegionTable;
  readonly accounts: readonly SandboxAccount[];
  readonly managementAccountId?: string;
  readonly anyKeyAccount?: string;
  readonly services: readonly ServiceEntry[];
  readonly enforceIam: boolean;
  readonly rateLimits: boolean | Readonly<Record<string, Rate>>;
  readonly endpoint: () => string;
  readonly clock?: () => Date;
}

/** One call, wherever it comes from. */
export interface Invocation {
  readonly running: RunningService;
  readonly operation: string;
  readonly input: unknown;
  readonly caller: Caller;
  readonly accountId: string;
  readonly region: string;
  readonly requestId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly request?: RawRequest;
  readonly via?: string;
}

/** The local organization itself: see `World`. */
export class LocalWorld implements World {
  readonly partition: string;
  readonly regions: RegionTable;
  readonly accounts: Map<string, SandboxAccount>;
  readonly managementAccountId?: string;
  readonly anyKeyAccount?: string;
  readonly organization = new OrganizationLink();
  readonly identity = new IdentityLink();
  readonly keys = new KeyRing();
  readonly calls = new CallLog();
  readonly decisions = new DecisionLog();
  readonly withheld = new WithheldStatements();
  readonly faults = new Faults();
  readonly limits?: Limits;
  readonly timers = new Timers();
  readonly registry: Registry;
  private readonly trails: TrailLog;
  /** For callers with keys of their own, in a world that lets them in: whom they are in which account. */
  readonly administrators = new Map<string, () => Caller | undefined>();

  constructor(private readonly settings: WorldSettings) {
    this.partition = settings.partition;
    this.regions = settings.regions ?? partitionRegions(settings.partition);
    this.accounts = new Map(settings.accounts.map((account) => [account.id, account]));
    this.managementAccountId = settings.managementAccountId;
    this.anyKeyAccount = settings.anyKeyAccount;
    const { rateLimits } = settings;
    if (rateLimits) {
      this.limits = new Limits(() => this.now().getTime(), rateLimits === true ? undefined : rateLimits);
    }
    this.registry = new Registry(this, settings.services);
    this.trails = new TrailLog(this, this.registry);
  }

  get endpoint(): string {
    return this.settings.endpoint();
  }

  get history(): CallHistory {
    return this.trails.history;
  }

  now(): Date {
    return this.settings.clock?.() ?? new Date();
  }

  async call<Output = unknown>(
    service: string,
    operation: string,
    input: unknown,
    as: { caller: Caller; region: string; accountId?: string; via?: string },
  ): Promise<Output> {
    return (await this.invoke(await this.internal(service, operation, input, as))) as Output;
  }

  async ask(
    service: string,
    operation: string,
    input: unknown,
    as: { caller: Caller; region: string; accountId?: string; via?: string },
  ): Promise<void> {
    const call = await this.internal(service, operation, input, as);
    this.authorize(call, this.contextOf(call));
  }

  /** A call of one service by another. @throws ServiceError when there is no such service */
  private async internal(
    service: string,
    operation: string,
    input: unknown,
    as: { caller: Caller; region: string; accountId?: string; via?: string },
  ): Promise<Invocation> {
    const running = await this.registry.find(service);
    if (!running) {
      throw new ServiceError('NotImplemented', `The local organization has no service ${service}.`, 501);
    }
    const { caller, region, via } = as;
    return {
      running,
      operation,
      input,
      caller,
      accountId: as.accountId ?? (caller.kind === 'service' ? caller.sourceAccount : undefined) ?? caller.accountId,
      region: isGlobalService(running.name) ? globalRegion(this.partition) : region,
      requestId: requestId(),
      sourceIp: via ?? (caller.kind === 'service' ? caller.arn : '127.0.0.1'),
      userAgent: via ?? (caller.kind === 'service' ? caller.arn : 'sandbox'),
      via,
    };
  }

  /** Authorises, runs, counts and records one call. @throws ServiceError */
  async invoke(call: Invocation): Promise<unknown> {
    const { running, operation } = call;
    const handler = running.service.operations[operation];
    const internal = !running.schema.operations.has(operation);
    const context = this.contextOf(call);
    try {
      if (!handler || (internal && call.request)) {
        throw new ServiceError(
          'NotImplemented',
          `The local organization's ${running.name} does not implement ${operation}.`,
          501,
        );
      }
      if (!internal) {
        this.authorize(call, context);
      }
      this.noteUse(call);
      const output = await handler(call.input, context);
      this.ended(call, context, internal, { output });
      return output;
    } catch (error) {
      this.ended(call, context, internal, { error });
      throw error;
    }
  }

  /** IAM remembers what users and roles last did, and when and where a user's key was last used, over the wire. */
  private noteUse({ caller, request, running, region, operation }: Invocation): void {
    if (caller.kind === 'user' || caller.kind === 'assumed-role') {
      this.identity.current?.noteAccess(caller, `${running.actionPrefix}:${operation}`, region);
    }
    if (request && caller.accessKeyId && (caller.kind === 'user' || caller.kind === 'root')) {
      this.identity.current?.noteKeyUse(caller, running.name, region);
    }
  }

  private contextOf(call: Invocation): CallContext {
    const context: CallContext = {
      world: this,
      caller: call.caller,
      accountId: call.accountId,
      region: call.region,
      requestId: call.requestId,
      sourceIp: call.sourceIp,
      userAgent: call.userAgent,
      request: call.request,
      via: call.via,
      authorize: (requests) => this.check(call, context, requests),
    };
    return context;
  }

  private authorize(call: Invocation, context: CallContext): void {
    const { service, actionPrefix } = call.running;
    const requests = service.authorize?.(call.operation, call.input, context) ?? [
      { action: `${actionPrefix}:${call.operation}`, resources: ['*'] },
    ];
    this.check(call, context, requests);
  }

  private check(call: Invocation, context: CallContext, requests: readonly AuthorizationRequest[]): void {
    if (!this.settings.enforceIam) {
      return;
    }
    const { name, schema } = call.running;
    const dialect = dialectOf(schema.protocol, name, schema.queryCompatible);
    if (call.caller.kind === 'anonymous' && requests.some((request) => !('resourcePolicy' in request))) {
      throw refusal('missingToken', dialect);
    }
    const found = findRefusal(context, requests, `${call.running.actionPrefix}:${call.operation}`);
    if (found) {
      const silent = call.caller.kind === 'anonymous' && dialect === 's3';
      const message = silent ? 'Access Denied' : refusalMessage(call.caller, found);
      // EC2 tells more to those who may decode it, of calls that would have changed something.
      const encoded = dialect === 'ec2' && !isReadOnly(name, call.operation);
      const more = encoded ? `. Encoded authorization failure message: ${encodeRefusal(found, context)}` : '';
      throw accessDenied(name, dialect, `${message}${more}`);
    }
  }

  private ended(
    call: Invocation,
    context: CallContext,
    internal: boolean,
    result: { output?: unknown; error?: unknown },
  ): void {
    const { running, operation, accountId: account, region, caller } = call;
    const failure = result.error instanceof ServiceError ? result.error.code : result.error && 'InternalFailure';
    const code = failure ? String(failure) : undefined;
    if (internal) {
      return;
    }
    this.calls.record({ service: running.name, operation, account, region, caller: caller.arn }, code);
    this.trails.note({ running, operation, input: call.input, context, ...result });
  }

  serviceCaller(principal: string, source: { accountId: string; arn: string }): Caller {
    return {
      kind: 'service',
      accountId: source.accountId,
      arn: principal,
      userId: principal,
      sourceAccount: source.accountId,
      sourceArn: source.arn,
    };
  }

  async assumeRole(roleArn: string, sessionName: string, as: Caller, region: string): Promise<Caller> {
    const input = { RoleArn: roleArn, RoleSessionName: sessionName };
    const output = await this.call<{ Credentials: { AccessKeyId: string } }>('sts', 'AssumeRole', input, {
      caller: as,
      region,
    });
    const caller = this.keys.find(output.Credentials.AccessKeyId)?.caller();
    if (!caller) {
      throw new ServiceError('InternalFailure', 'The session has no key.', 500);
    }
    return caller;
  }

  mintKeys(caller: Caller): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } {
    const known = caller.accessKeyId ? this.keys.find(caller.accessKeyId) : undefined;
    const key = known ?? this.keys.mint(caller, new Date(this.now().getTime() + 12 * 3_600_000));
    const { accessKeyId, secretAccessKey, sessionToken } = key;
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** An account without a running EventBridge has no rules: its events end here. */
  emit(event: BusEvent, at: { accountId: string; region: string }): void {
    if (!this.registry.peek('events')) {
      return;
    }
    const principal = `${event.source.replace(/^aws\./, '')}.amazonaws.com`;
    const arn = event.resources?.[0] ?? `arn:${this.partition}:events:${at.region}:${at.accountId}:event-bus/default`;
    const caller = this.serviceCaller(principal, { accountId: at.accountId, arn });
    this.later(0, async () => {
      await this.call('events', 'EmitServiceEvent', { event }, { caller, region: at.region, accountId: at.accountId });
    });
  }

  later(milliseconds: number, work: () => Promise<void> | void): void {
    this.timers.later(milliseconds, work);
  }

  idle(): Promise<void> {
    return this.timers.idle();
  }

  async close(): Promise<void> {
    this.timers.close();
    await this.registry.close();
  }
}
