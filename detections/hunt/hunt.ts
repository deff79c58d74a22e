import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogFile } from './files';
import { createFileHunter, type HuntOptions } from './huntFile';
import type { GatheredState, Gatherer } from './report';
import type { WorkerAnswer } from './worker';

/** Below this size the start of threads costs more than they save. */
const worthThreads = 24 * 1024 * 1024;

export interface HuntRun extends HuntOptions {
  /** 0 hunts in this thread. */
  readonly threads: number;
}

/** Hunts through files, gathers what they bring, and tells each file that is done, in no particular order. */
export async function hunt(
  files: readonly LogFile[],
  options: HuntRun,
  gatherer: Gatherer,
  tellDone: (file: string) => void = () => {},
): Promise<void> {
  const program = workerProgram();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (options.threads < 2 || files.length < 2 || bytes < worthThreads || program === undefined) {
    const hunter = createFileHunter(options);
    for (const { path } of files) {
      await hunter(path, (result) => gatherer.add(result));
      tellDone(path);
    }
    return;
  }
  const queue = files.map(({ path }) => path).values();
  const threads = Math.min(options.threads, files.length);
  const states = await Promise.all(Array.from({ length: threads }, () => runThread(program, options, queue, tellDone)));
  for (const state of states) {
    gatherer.merge(state);
  }
}

/** The bundle has the worker beside it; the sources have it beside this file. */
function workerProgram(): string | undefined {
  return [join(__dirname, 'hunt-worker.js'), join(__dirname, 'worker.ts')].find((file) => existsSync(file));
}

function runThread(
  program: string,
  { overrides, since }: HuntOptions,
  queue: Iterator<string>,
  tellDone: (file: string) => void,
): Promise<GatheredState> {
  const fromSource = program.endsWith('.ts');
  // Run from the sources, a thread has to learn TypeScript by itself.
  const worker = new Worker(fromSource ? `require('tsx/cjs'); require(${JSON.stringify(program)});` : program, {
    eval: fromSource,
    workerData: { overrides, since } satisfies HuntOptions,
    // Records are short-lived: a large young generation would only hold dead ones.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  });
  return new Promise<GatheredState>((resolve, reject) => {
    const next = () => {
      const { value, done } = queue.next();
      worker.postMessage(done ? null : value);
    };
    worker.on('error', reject);
    worker.on('message', (answer: WorkerAnswer) => {
      if ('state' in answer) {
        resolve(answer.state);
      } else {
        tellDone(answer.file);
        next();
      }
    });
    next();
  });
}
