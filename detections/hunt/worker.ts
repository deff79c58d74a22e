import { parentPort, workerData } from 'node:worker_threads';
import { createFileHunter, type HuntOptions } from './huntFile';

/** A thread of a hunt: takes the paths of files one after another, answers each with its result. */
const hunt = createFileHunter(workerData as HuntOptions);
let earlier: Promise<unknown> = Promise.resolve();

parentPort?.on('message', (file: string) => {
  earlier = earlier.then(() => hunt(file, (result) => parentPort?.postMessage(result)));
});
