import { parentPort, workerData } from 'node:worker_threads';
import { createFileHunter, type HuntOptions } from './huntFile';
import { type GatheredState, Gatherer } from './report';

/** What a thread of a hunt answers: a file is done; or, when there are no more, all that it found. */
export type WorkerAnswer = { readonly file: string } | { readonly state: GatheredState };

/** Takes the paths of files one after another, and null at the end. */
const options = workerData as HuntOptions;
const hunt = createFileHunter(options);
const gatherer = new Gatherer(options.overrides);
const answer = (text: WorkerAnswer) => parentPort?.postMessage(text);

parentPort?.on('message', (file: string | null) => {
  if (file === null) {
    answer({ state: gatherer.state() });
    parentPort?.close();
    return;
  }
  // A file that is broken tells so in its result: this does not fail.
  hunt(file, (result) => gatherer.add(result)).then(() => answer({ file }), reportFault);
});

function reportFault(fault: unknown): void {
  setImmediate(() => {
    throw fault;
  });
}
