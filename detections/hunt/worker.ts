import { parentPort, workerData } from 'node:worker_threads';
import { type GatheredState, Gatherer } from './gatherer';
import { createFileHunter, type HuntOptions, huntPart } from './huntFile';
import type { PartFound } from './partialFiles';
import type { FilePart } from './parts';

/** What a thread of a hunt answers: how much is done, a part of a file by itself; and at the end all that it found. */
export type WorkerAnswer =
  | { readonly kind: 'files'; readonly bytes: number }
  | { readonly kind: 'part'; readonly bytes: number; readonly part: PartFound }
  | { readonly kind: 'end'; readonly state: GatheredState };

export interface WorkerData {
  readonly options: HuntOptions;
  /** Findings whose details this thread keeps. */
  readonly maximumFindings: number;
}

const { options, maximumFindings } = workerData as WorkerData;
const hunt = createFileHunter(options);
const gatherer = new Gatherer(maximumFindings);
const answer = (text: WorkerAnswer) => parentPort?.postMessage(text);
let work = Promise.resolve();

// Takes files or parts of one, one handful after another, and null at the end.
parentPort?.on('message', (files: readonly FilePart[] | null) => {
  work = work.then(() => (files === null ? end() : take(files))).catch(reportFault);
});

async function take(files: readonly FilePart[]): Promise<void> {
  let bytes = 0;
  for (const file of files) {
    if (file.range) {
      answer({ kind: 'part', bytes: file.bytes, part: await huntPart(hunt, file, file.range) });
      return;
    }
    // A file that is broken tells so to the gatherer: this does not fail.
    await hunt(file, gatherer);
    bytes += file.bytes;
  }
  answer({ kind: 'files', bytes });
}

function end(): void {
  answer({ kind: 'end', state: gatherer.state() });
  parentPort?.close();
}

function reportFault(fault: unknown): void {
  setImmediate(() => {
    throw fault;
  });
}
