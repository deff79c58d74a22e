import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file to hunt through, and its size in bytes. */
export interface LogFile {
  readonly path: string;
  /** What it is called where that is not its path: it was fetched from elsewhere. */
  readonly name?: string;
  readonly bytes: number;
}

const logs = /\.(json|jsonl|ndjson|log|gz)$/i;
/** Proofs that files are whole, which CloudTrail writes beside them. */
const digests = /CloudTrail-(Digest|Insight)/;

/**
 * The log files under the paths, in the order of their names. A file that is named is taken as it is; of a folder,
 * what looks like a log. Those that a date in their path (`/2026/11/20/`) puts before `since` are left out.
 * Throws what the file system throws when a path is not there.
 */
export function* logFiles(paths: readonly string[], since?: string): Generator<LogFile> {
  for (const path of paths) {
    const { size, isFolder } = look(path);
    if (!isFolder) {
      yield { path, bytes: size };
    } else {
      yield* inFolder(path, since);
    }
  }
}

function look(path: string) {
  const stats = statSync(path);
  return { size: stats.size, isFolder: stats.isDirectory() };
}

function* inFolder(folder: string, since: string | undefined): Generator<LogFile> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (digests.test(path) || isLogBefore(path, since)) {
      continue;
    }
    if (isFolder(entry, path)) {
      yield* inFolder(path, since);
    } else if (logs.test(entry.name)) {
      yield { path, bytes: statSync(path).size };
    }
  }
}

function isFolder(entry: Dirent, path: string): boolean {
  return (
    entry.isDirectory() ||
    (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && !loops(path))
  );
}

/** A link to a folder above it would never end. */
function loops(path: string): boolean {
  return path.split(/[\\/]/).length > 64;
}

/** Whether a date in its path (`/2026/11/20/`) says that a log has nothing since then. */
export function isLogBefore(path: string, since: string | undefined): boolean {
  const day = /[\\/](\d{4})[\\/](\d{2})[\\/](\d{2})(?:[\\/]|$)/.exec(path);
  // A file may hold records of the evening before.
  return since !== undefined && day !== null && `${day[1]}-${day[2]}-${day[3]}T23:59:59Z` < since;
}
