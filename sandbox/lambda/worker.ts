import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a function threw, in the shape in which Lambda answers it. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** The end of one invocation. */
export interface Outcome {
  readonly payload?: string;
  readonly error?: FunctionFailure;
  /** Resident memory in MiB. */
  readonly memory?: number;
  readonly log: readonly string[];
}

interface FromChild {
  log?: string;
  ready?: true;
  initError?: FunctionFailure;
  result?: { payload?: string; error?: FunctionFailure; fatal?: boolean; memory?: number };
}

/** What a child is started with. */
interface WorkerOptions {
  readonly runtimeFile: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly taskRoot: string;
}

/** One warm child process that runs one invocation at a time. */
export class Worker {
  readonly startedAt = Date.now();
  initMilliseconds?: number;
  private readonly child: ChildProcess;
  private log: string[] = [];
  private finish?: (outcome: Omit<Outcome, 'log'>) => void;
  private failed?: FunctionFailure;
  private gone = false;

  constructor(options: WorkerOptions) {
    this.child = spawn(process.execPath, [options.runtimeFile], {
      cwd: options.taskRoot,
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) {
        createInterface({ input: stream }).on('line', (line) => this.log.push(line));
      }
    }
    this.child.on('message', (message) => this.heard(message as FromChild));
    this.child.on('error', (error) => this.ended(`Error: ${error.message}`));
    this.child.on('exit', (code, signal) => this.ended(signal ? `signal: ${signal}` : `exit status ${code}`));
    this.letParentExit();
  }

  get usable(): boolean {
    return !this.gone && !this.failed;
  }

  /** Children must not keep the process alive that started them. */
  private letParentExit(): void {
    this.child.unref();
    this.child.channel?.unref();
    for (const stream of [this.child.stdout, this.child.stderr]) {
      (stream as unknown as { unref?: () => void })?.unref?.();
    }
  }

  private heard(message: FromChild): void {
    if (message.log !== undefined) {
      this.log.push(message.log);
    } else if (message.ready) {
      this.initMilliseconds = Date.now() - this.startedAt;
    } else if (message.initError) {
      this.failed = message.initError;
      this.finish?.({ error: message.initError });
    } else if (message.result) {
      this.gone = message.result.fatal === true;
      this.finish?.(message.result);
    }
  }

  private ended(how: string): void {
    this.gone = true;
    const error = this.failed ?? {
      errorType: 'Runtime.ExitError',
      errorMessage: `Error: Runtime exited with error: ${how}`,
    };
    this.finish?.({ error });
  }

  /** Runs one invocation; kills the child when it takes longer than `timeout` milliseconds. */
  async invoke(message: object, timeout: number, timedOut: FunctionFailure): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    const outcome = await new Promise<Omit<Outcome, 'log'>>((resolve) => {
      this.finish = resolve;
      timer = setTimeout(() => {
        this.stop();
        resolve({ error: timedOut });
      }, timeout);
      if (this.gone || this.failed) {
        this.ended('before the invocation');
        return;
      }
      this.child.send(message, (error) => error && this.ended(error.message));
    });
    clearTimeout(timer);
    this.finish = undefined;
    const { log } = this;
    this.log = [];
    return { ...outcome, log };
  }

  stop(): void {
    this.gone = true;
    this.child.kill('SIGKILL');
  }
}
