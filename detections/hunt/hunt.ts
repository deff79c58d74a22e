import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogFile } from './files';
import { createFileHunter, type FileResult, type HuntOptions } from './huntFile';

/** Below this size the start of threads costs more than they save. */
const worthThreads = 24 * 1024 * 1024;

export interface HuntRun extends HuntOptions {
  /** 0 hunts in this thread. */
  readonly threads: number;
}

/** Hunts through files and tells each one's result as it is there, in no particular order. */
export async function hunt(
  files: readonly LogFile[],
  options: HuntRun,
  tell: (result: FileResult) => void,
): Promise<void> {
  const program = workerProgram();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (options.threads < 2 || files.length < 2 || bytes < worthThreads || program === undefined) {
    const hunter = createFileHunter(options);
    for (const { path } of files) {
      await hunter(path, tell);
    }
    return;
  }
  const queue = files.map(({ path }) => path).values();
  const threads = Math.min(options.threads, files.length);
  await Promise.all(Array.from({ length: threads }, () => runThread(program, options, queue, tell)));
}

/** The bundle has the worker beside it; the sources have it beside this file. */
function workerProgram(): string | undefined {
  return [join(__dirname, 'hunt-worker.js'), join(__dirname, 'worker.ts')].find((file) => existsSync(file));
}

function runThread(
  program: string,
  { overrides, since }: HuntOptions,
  queue: Iterator<string>,
  tell: (result: FileResult) => void,
): Promise<void> {
  const worker = new Worker(program, {
    workerData: { overrides, since } satisfies HuntOptions,
    // Records are short-lived: a large young generation would only hold dead ones.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  });
  return new Promise<void>((resolve, reject) => {
    const next = () => {
      const { value, done } = queue.next();
      if (done) {
        worker.terminate().then(() => resolve(), reject);
      } else {
        worker.postMessage(value);
      }
    };
    worker.on('error', reject);
    worker.on('message', (result: FileResult) => {
      tell(result);
      if (!result.more) {
        next();
      }
    });
    next();
  });
}
