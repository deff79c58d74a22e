import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

function removeAll(): void {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Benchmarks use it too, without jest.
if (typeof afterAll === 'function') {
  afterAll(removeAll);
} else {
  process.once('exit', removeAll);
}

/** A folder of its own, which goes when the test file, or the benchmark, is through. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'garrison-test-'));
  made.push(folder);
  return folder;
}
