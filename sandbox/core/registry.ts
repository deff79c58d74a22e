import type { ServiceSchema } from '../wire/schema';
import { serviceSchema } from '../wire/schema';
import type { Service, ServiceFactory } from './service';
import type { World } from './world';

/** A service that this organization can have; its code is loaded on first use. */
export interface ServiceEntry {
  /** Credential-scope names under which clients sign. */
  readonly names: readonly string[];
  readonly load: () => Promise<ServiceFactory>;
  /** Loaded with the world: others depend on what it registers. */
  readonly eager?: boolean;
  /** First path segments of requests outside AWS's protocols. */
  readonly httpPaths?: readonly string[];
}

/** A service as it runs in one world. */
export interface RunningService {
  readonly name: string;
  readonly service: Service;
  readonly schema: ServiceSchema;
  readonly actionPrefix: string;
}

/** The services of one world, started on first use. */
export class Registry {
  private readonly running = new Map<ServiceEntry, Promise<RunningService>>();
  private readonly started = new Map<string, RunningService>();

  constructor(
    private readonly world: World,
    private readonly entries: readonly ServiceEntry[],
  ) {}

  has(name: string): boolean {
    return this.entryOf(name) !== undefined;
  }

  /** The service when it already runs. */
  peek(name: string): RunningService | undefined {
    return this.started.get(name);
  }

  /** The service that signs under `name`, started if need be; `undefined` when there is none. */
  find(name: string): RunningService | Promise<RunningService> | undefined {
    const started = this.started.get(name);
    if (started) {
      return started;
    }
    const entry = this.entryOf(name);
    return entry ? this.start(entry) : undefined;
  }

  async startEager(): Promise<void> {
    for (const entry of this.entries) {
      if (entry.eager) {
        await this.start(entry);
      }
    }
  }

  /** The service that answers plain requests to a path. */
  async forPath(segment: string): Promise<RunningService | undefined> {
    const entry = this.entries.find((each) => each.httpPaths?.includes(segment));
    return entry ? this.start(entry) : undefined;
  }

  async close(): Promise<void> {
    for (const running of await Promise.all(this.running.values())) {
      await running.service.close?.();
    }
  }

  private entryOf(name: string): ServiceEntry | undefined {
    return this.entries.find((entry) => entry.names.includes(name));
  }

  private start(entry: ServiceEntry): Promise<RunningService> {
    let running = this.running.get(entry);
    if (!running) {
      running = this.create(entry);
      this.running.set(entry, running);
    }
    return running;
  }

  private async create(entry: ServiceEntry): Promise<RunningService> {
    const factory = await entry.load();
    const service = factory(this.world);
    const [name = ''] = entry.names;
    const running: RunningService = {
      name,
      service,
      schema: serviceSchema(service.schemas),
      actionPrefix: service.actionPrefix ?? service.signingNames[0] ?? name,
    };
    for (const each of new Set([...entry.names, ...service.signingNames])) {
      this.started.set(each, running);
    }
    return running;
  }
}
