import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogFile } from './files';
import { type Gatherer, maximumFindings } from './gatherer';
import { createFileHunter, type FileHunter, type HuntOptions, huntPart } from './huntFile';
import { PartialFiles } from './partialFiles';
import { type FilePart, partsOf } from './parts';
import type { WorkerAnswer, WorkerData } from './worker';

/** Below this size the start of threads costs more than they save. */
const worthThreads = 24 * 1024 * 1024;
/** So many bytes of small files go to a thread at once. */
const handfulBytes = 1024 * 1024;
const handfulFiles = 64;
const handfulsAhead = 2;

export interface HuntRun extends HuntOptions {
  /** 0 hunts in this thread. */
  readonly threads: number;
  /** Findings whose details are kept; the gatherer's maximum. */
  readonly details?: number;
}

/** Hunts through files, gathers what they bring, and tells how many bytes are done. */
export async function hunt(
  files: readonly LogFile[],
  options: HuntRun,
  gatherer: Gatherer,
  tellDone: (bytes: number) => void = () => {},
): Promise<void> {
  const program = workerProgram();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const others = bytes < worthThreads || program === undefined ? 0 : Math.max(0, options.threads - 1);
  const hunter = createFileHunter(options);
  const partial = new PartialFiles(gatherer);
  const work = others === 0 ? files.map((file) => [file]).values() : handfuls(files);
  const threads = Array.from({ length: others }, () =>
    runThread(program as string, options, work, { gatherer, partial, tellDone }),
  );
  for (const handful of work) {
    for (const file of handful) {
      await huntHere(hunter, file, { gatherer, partial, tellDone });
    }
    // Lets the other threads' answers in.
    await new Promise(setImmediate);
  }
  await Promise.all(threads);
  for (const file of partial.unfit()) {
    await hunter(file, gatherer);
  }
}

interface Outcome {
  readonly gatherer: Gatherer;
  readonly partial: PartialFiles;
  tellDone(bytes: number): void;
}

async function huntHere(hunter: FileHunter, file: FilePart, { gatherer, partial, tellDone }: Outcome): Promise<void> {
  if (file.range === undefined) {
    await hunter(file, gatherer);
  } else {
    partial.add(await huntPart(hunter, file, file.range));
  }
  tellDone(file.bytes);
}

/** What is given to a thread at once: some small files, a file, or a part of one. */
function* handfuls(files: readonly LogFile[]): Generator<readonly FilePart[]> {
  let handful: FilePart[] = [];
  let bytes = 0;
  for (const file of files) {
    const parts = partsOf(file);
    if (parts.length > 1) {
      yield* parts.map((part) => [part]);
      continue;
    }
    handful.push(file);
    bytes += file.bytes;
    if (bytes >= handfulBytes || handful.length === handfulFiles) {
      yield handful;
      [handful, bytes] = [[], 0];
    }
  }
  if (handful.length > 0) {
    yield handful;
  }
}

/** The bundle has the worker beside it; the sources have it beside this file. */
function workerProgram(): string | undefined {
  return [join(__dirname, 'hunt-worker.js'), join(__dirname, 'worker.ts')].find((file) => existsSync(file));
}

function runThread(
  program: string,
  { detections, since, threads, details = maximumFindings }: HuntRun,
  work: Iterator<readonly FilePart[]>,
  { gatherer, partial, tellDone }: Outcome,
): Promise<void> {
  const fromSource = program.endsWith('.ts');
  // Run from the sources, a thread has to learn TypeScript by itself.
  const worker = new Worker(fromSource ? `require('tsx/cjs'); require(${JSON.stringify(program)});` : program, {
    eval: fromSource,
    workerData: {
      options: { detections, since },
      maximumFindings: Math.ceil(details / threads),
    } satisfies WorkerData,
    // Records die young: room for some makes collections rare, more room would only hold dead ones.
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 256 },
  });
  return new Promise<void>((resolve, reject) => {
    const next = () => {
      const { value, done } = work.next();
      worker.postMessage(done ? null : value);
    };
    worker.on('error', reject);
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'end') {
        gatherer.merge(answer.state);
        resolve();
        return;
      }
      if (answer.kind === 'part') {
        partial.add(answer.part);
      }
      tellDone(answer.bytes);
      next();
    });
    // Some ahead: this thread hunts too, and answers late.
    for (let handful = 0; handful < handfulsAhead; handful += 1) {
      next();
    }
  });
}
