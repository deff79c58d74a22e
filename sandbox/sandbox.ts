import type { CallCount } from './core/calls';
import type { Fault } from './core/faults';
import { accessKeyId, secretKey } from './core/ids';
import { LocalWorld } from './core/localWorld';
import { partitionRegions, type RegionTable } from './core/regions';
import type { RawRequest } from './core/service';
import type { SandboxAccount } from './core/world';
import { furnish } from './furnish';
import type { AccessKeys, AccountOptions, RunningSandbox, SandboxOptions } from './index';
import { services } from './services';
import { controlAnswer } from './wire/control';
import { Gateway, type Outcome } from './wire/gateway';
import { plainAnswer } from './wire/plain';
import { LoopbackServer } from './wire/server';

const onlyAccount: AccountOptions = { id: '000000000000', email: 'root@example.com', name: 'sandbox' };

function enabledRegions(regions: RegionTable, account: AccountOptions): Set<string> {
  const out = new Set(account.optedOutRegions);
  const on = [...regions].filter(([name, { optIn }]) => !optIn || account.optedInRegions?.includes(name));
  return new Set(on.map(([name]) => name).filter((name) => !out.has(name)));
}

function accountsOf(options: SandboxOptions, regions: RegionTable): SandboxAccount[] {
  return (options.accounts ?? [onlyAccount]).map((account) => ({
    id: account.id,
    email: account.email,
    name: account.name ?? account.id,
    status: account.status ?? 'ACTIVE',
    enabledRegions: enabledRegions(regions, account),
    ouPath: account.ouPath,
  }));
}

/** The parts of a running local organization: server, gateway and the world of now. */
export class Sandbox implements RunningSandbox {
  readonly management: AccessKeys;
  readonly security: AccessKeys;
  private readonly server = new LoopbackServer((request, id, ip) => this.handle(request, id, ip));
  private readonly regions: RegionTable;
  private readonly managementAccount: string;
  private readonly securityAccount: string;
  private current: LocalWorld;
  private gateway: Gateway;

  constructor(private readonly options: SandboxOptions) {
    this.regions = options.regions ?? partitionRegions(options.partition ?? 'aws');
    const first = options.accounts?.[0]?.id ?? onlyAccount.id;
    this.managementAccount = options.managementAccount ?? first;
    this.securityAccount = options.securityAccount ?? this.managementAccount;
    this.management = newKeys(this.managementAccount);
    this.security = this.securityAccount === this.managementAccount ? this.management : newKeys(this.securityAccount);
    this.current = this.newWorld();
    this.gateway = new Gateway(this.current, options);
  }

  get endpoint(): string {
    return this.server.endpoint;
  }

  get world(): LocalWorld {
    return this.current;
  }

  get slack(): { endpoint: string } {
    return { endpoint: `${this.endpoint}/_slack` };
  }

  get faults(): { add(fault: Fault): void; clear(): void } {
    return this.current.faults;
  }

  get decisions(): RunningSandbox['decisions'] {
    return this.current.decisions;
  }

  get withheld(): RunningSandbox['withheld'] {
    return this.current.withheld;
  }

  calls(): CallCount[] {
    return this.current.calls.list();
  }

  clearCalls(): void {
    this.current.calls.clear();
  }

  backgroundErrors(): readonly unknown[] {
    return this.current.timers.errors;
  }

  async start(): Promise<void> {
    await this.furnish();
    await this.server.listen(this.options.port ?? 0);
  }

  async reset(): Promise<void> {
    const old = this.current;
    this.current = this.newWorld();
    await this.furnish();
    this.gateway = new Gateway(this.current, this.options);
    await old.close();
  }

  async close(): Promise<void> {
    await this.current.close();
    await this.server.close();
  }

  private newWorld(): LocalWorld {
    const { options } = this;
    return new LocalWorld({
      partition: options.partition ?? 'aws',
      regions: this.regions,
      accounts: accountsOf(options, this.regions),
      managementAccountId: options.empty ? undefined : this.managementAccount,
      anyKeyAccount: options.anyKeyAccount,
      services,
      enforceIam: options.enforceIam ?? true,
      rateLimits: options.rateLimits ?? false,
      endpoint: () => this.server.endpoint,
      clock: options.clock,
    });
  }

  private furnish(): Promise<void> {
    const { anyKeyAccount } = this.options;
    const known = anyKeyAccount === this.managementAccount || anyKeyAccount === this.securityAccount;
    const others = known ? undefined : anyKeyAccount;
    return furnish(this.current, {
      managementAccountId: this.managementAccount,
      administrators: [
        { accountId: this.managementAccount, keys: this.management },
        ...(this.security === this.management ? [] : [{ accountId: this.securityAccount, keys: this.security }]),
        ...(others ? [{ accountId: others, keys: newKeys(others) }] : []),
      ],
      accessRoleName: this.options.accessRoleName ?? 'OrganizationAccountAccessRole',
    });
  }

  private async handle(request: RawRequest, requestId: string, sourceIp: string): Promise<Outcome> {
    const { latencyMs } = this.options;
    if (latencyMs) {
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
    }
    if (request.path.startsWith('/_')) {
      const answer = (await controlAnswer(this, request)) ?? (await plainAnswer(this.current, request));
      if (answer) {
        return answer;
      }
    }
    const outcome = await this.gateway.handle(request, requestId, sourceIp);
    if (typeof outcome === 'object' && this.options.clock) {
      // Clients set their clocks by this header when AWS calls theirs wrong.
      outcome.headers.date ??= this.options.clock().toUTCString();
    }
    return outcome;
  }
}

function newKeys(accountId: string): AccessKeys {
  return { accessKeyId: accessKeyId('AKIA', accountId), secretAccessKey: secretKey() };
}
