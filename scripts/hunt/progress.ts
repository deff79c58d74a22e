import pc from 'picocolors';
import type { Io } from '../io';

export interface Progress {
  add(bytes: number): void;
  end(): void;
}

const width = 30;
const pauseMilliseconds = 100;
const megabyte = 1_000_000;

/** A bar on a terminal; nothing elsewhere. */
export function createProgress(stream: Io['stderr'], total: number): Progress {
  if (!stream.isTTY || total === 0) {
    return { add: () => {}, end: () => {} };
  }
  const begin = Date.now();
  let done = 0;
  let shown = 0;
  const show = () => {
    const seconds = Math.max(0.001, (Date.now() - begin) / 1000);
    const full = Math.round((width * Math.min(done, total)) / total);
    const bar = `${pc.green('━'.repeat(full))}${pc.dim('━'.repeat(width - full))}`;
    const amount = `${(done / megabyte).toFixed(0)} of ${(total / megabyte).toFixed(0)} MB, ${(done / megabyte / seconds).toFixed(0)} MB/s`;
    stream.write(`\r\u001b[K${bar} ${amount}`);
  };
  return {
    add(bytes) {
      done += bytes;
      if (Date.now() - shown >= pauseMilliseconds) {
        shown = Date.now();
        show();
      }
    },
    end: () => stream.write('\r\u001b[K'),
  };
}
