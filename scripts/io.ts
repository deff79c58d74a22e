import type { Readable, Writable } from 'node:stream';

/** What a subcommand may touch of the process: tests give their own. */
export interface Io {
  readonly stdout: Writable & { isTTY?: boolean; columns?: number };
  readonly stderr: Writable & { isTTY?: boolean; columns?: number };
  readonly stdin: Readable & { isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** 0 nothing to do or done, 1 an error, 2 something is to be done. */
  setExitCode(code: number): void;
}
