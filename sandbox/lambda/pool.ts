import { randomBytes, randomUUID } from 'node:crypto';
import { ServiceError } from '../core/errors';
import type { Caller } from '../core/service';
import type { World } from '../core/world';
import { RuntimeFolder } from './runtime';
import type { LambdaFunction, Version } from './state';
import { type FunctionFailure, type Outcome, Worker } from './worker';

/** Warm children of one version. */
interface Slot {
  worker: Worker;
  readonly logStream: string;
  readonly role: Caller;
  busy: boolean;
  retired: boolean;
  idle?: NodeJS.Timeout;
  reported: boolean;
}

/** One finished invocation, with what its log needs. */
export interface Run extends Outcome {
  readonly requestId: string;
  readonly milliseconds: number;
  readonly initMilliseconds?: number;
  readonly logStream: string;
  readonly role: Caller;
}

const idleMilliseconds = 60_000;
/** Credentials of an execution role last an hour. */
const oldestMilliseconds = 50 * 60_000;
/** Children of one version at a time: the machine under this has few cores, whatever Lambda's limit is. */
const childrenPerVersion = 4;

/** The child processes of all functions: started on demand, reused while warm, stopped when idle. */
export class Pool {
  private readonly folder = new RuntimeFolder();
  private readonly slots = new Map<Version, Slot[]>();
  private readonly starting = new Map<Version, number>();
  private readonly queues = new Map<Version, (() => void)[]>();

  constructor(private readonly world: World) {}

  /**
   * Runs one invocation in a warm child or a new one; waits for its turn when all children are busy.
   *
   * @throws ServiceError when the execution role cannot be assumed or the runtime is not one that runs here
   */
  async run(fn: LambdaFunction, version: Version, event: string, invokedArn: string): Promise<Run> {
    const slot = await this.slot(fn, version);
    try {
      return await this.invoke(slot, fn, version, { event, invokedArn });
    } finally {
      this.release(slot, version);
    }
  }

  private async invoke(
    slot: Slot,
    fn: LambdaFunction,
    version: Version,
    call: { event: string; invokedArn: string },
  ): Promise<Run> {
    const requestId = randomUUID();
    const { Timeout = 3, MemorySize = 128, Version: number } = version.configuration;
    const started = performance.now();
    const timedOut: FunctionFailure = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${Timeout.toFixed(2)} seconds`,
    };
    const context = {
      functionName: fn.name,
      functionVersion: number,
      invokedFunctionArn: call.invokedArn,
      memoryLimitInMB: String(MemorySize),
      awsRequestId: requestId,
      logGroupName: version.configuration.LoggingConfig?.LogGroup,
      logStreamName: slot.logStream,
      deadline: Date.now() + Timeout * 1000,
    };
    const traceId = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`;
    const outcome = await slot.worker.invoke({ event: call.event, context, traceId }, Timeout * 1000, timedOut);
    const first = !slot.reported;
    slot.reported = true;
    const { initMilliseconds } = slot.worker;
    const elapsed = performance.now() - started;
    const exited = outcome.error?.errorType === 'Runtime.ExitError';
    const error =
      exited && outcome.error
        ? { ...outcome.error, errorMessage: `RequestId: ${requestId} ${outcome.error.errorMessage}` }
        : outcome.error;
    return {
      ...outcome,
      error,
      requestId,
      milliseconds: Math.max(0.01, first ? elapsed - (initMilliseconds ?? 0) : elapsed),
      initMilliseconds: first ? initMilliseconds : undefined,
      logStream: slot.logStream,
      role: slot.role,
    };
  }

  private async slot(fn: LambdaFunction, version: Version): Promise<Slot> {
    for (;;) {
      const slots = this.slots.get(version) ?? [];
      this.slots.set(version, slots);
      const usable = slots.filter((slot) => slot.worker.usable && !slot.retired);
      const free = usable.find((slot) => !slot.busy && Date.now() - slot.worker.startedAt < oldestMilliseconds);
      if (free) {
        free.busy = true;
        clearTimeout(free.idle);
        return free;
      }
      if (usable.filter((slot) => slot.busy).length + (this.starting.get(version) ?? 0) < childrenPerVersion) {
        return this.add(fn, version, slots);
      }
      await new Promise<void>((resolve) => {
        this.queues.set(version, [...(this.queues.get(version) ?? []), resolve]);
      });
    }
  }

  private async add(fn: LambdaFunction, version: Version, slots: Slot[]): Promise<Slot> {
    this.starting.set(version, (this.starting.get(version) ?? 0) + 1);
    try {
      const slot = await this.start(fn, version);
      slots.push(slot);
      return slot;
    } finally {
      this.starting.set(version, (this.starting.get(version) ?? 1) - 1);
    }
  }

  private async start(fn: LambdaFunction, version: Version): Promise<Slot> {
    const { Runtime, Role = '' } = version.configuration;
    if (!Runtime?.startsWith('nodejs')) {
      throw new ServiceError(
        'InvalidRuntimeException',
        `The local organization runs Node.js functions only, not ${Runtime}.`,
        502,
      );
    }
    const source = { accountId: fn.site.accountId, arn: fn.arn };
    const service = this.world.serviceCaller('lambda.amazonaws.com', source);
    const role = await this.world.assumeRole(Role, fn.name, service, fn.site.region).catch((error: unknown) => {
      if (fn.stranger) {
        return fn.stranger;
      }
      throw error;
    });
    version.taskRoot ??= this.folder.unpack(version.zip);
    const day = this.world.now().toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[${version.configuration.Version}]${randomBytes(16).toString('hex')}`;
    const worker = new Worker({
      runtimeFile: this.folder.runtimeFile,
      taskRoot: version.taskRoot,
      environment: this.environment(fn, version, role, logStream),
    });
    return { worker, logStream, role, busy: true, retired: false, reported: false };
  }

  private environment(fn: LambdaFunction, version: Version, role: Caller, logStream: string): Record<string, string> {
    const { configuration, taskRoot = '' } = version;
    const keys = this.world.mintKeys(role);
    return {
      PATH: process.env.PATH ?? '',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      NODE_PATH: this.folder.nodePath,
      AWS_ENDPOINT_URL: this.world.endpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...configuration.Environment?.Variables,
      AWS_REGION: fn.site.region,
      AWS_DEFAULT_REGION: fn.site.region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(keys.sessionToken ? { AWS_SESSION_TOKEN: keys.sessionToken } : {}),
      AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: configuration.Version ?? '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: configuration.LoggingConfig?.LogGroup ?? '',
      AWS_LAMBDA_LOG_STREAM_NAME: logStream,
      AWS_LAMBDA_LOG_FORMAT: configuration.LoggingConfig?.LogFormat ?? 'Text',
      LAMBDA_TASK_ROOT: taskRoot,
      LAMBDA_RUNTIME_DIR: taskRoot,
      _HANDLER: configuration.Handler ?? '',
    };
  }

  private release(slot: Slot, version: Version): void {
    slot.busy = false;
    if (slot.retired || !slot.worker.usable) {
      this.drop(slot, version);
    } else {
      slot.idle = setTimeout(() => this.drop(slot, version), idleMilliseconds);
      slot.idle.unref();
    }
    const [next, ...rest] = this.queues.get(version) ?? [];
    this.queues.set(version, rest);
    next?.();
  }

  private drop(slot: Slot, version: Version): void {
    slot.worker.stop();
    clearTimeout(slot.idle);
    const left = (this.slots.get(version) ?? []).filter((other) => other !== slot);
    if (left.length > 0) {
      this.slots.set(version, left);
    } else {
      this.slots.delete(version);
    }
  }

  /** Lets running invocations of a version end and starts no more in its present children. */
  retire(version: Version): void {
    for (const slot of this.slots.get(version) ?? []) {
      slot.retired = true;
      if (!slot.busy) {
        this.drop(slot, version);
      }
    }
  }

  close(): void {
    for (const slots of this.slots.values()) {
      for (const slot of slots) {
        clearTimeout(slot.idle);
        slot.worker.stop();
      }
    }
    this.folder.close();
  }
}
