import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runtimeSource } from './runtimeSource';
import { unzip } from './unzip';

/** What Lambda's Node.js runtimes carry beside Node itself. */
const carried = ['@aws-sdk', '@smithy', '@aws-crypto'];

/** `node_modules` of the project that this sandbox stands in, found by a package that is surely there. */
function nodeModules(): string | undefined {
  try {
    const found = require.resolve('@aws-sdk/client-sts');
    return found.slice(0, found.lastIndexOf('node_modules') + 'node_modules'.length);
  } catch {
    return undefined;
  }
}

/**
 * A temporary folder for unpacked functions. Beside them lies a `node_modules` with the AWS SDK alone, so that a
 * bundle which forgot another dependency fails here as it would on Lambda.
 */
export class RuntimeFolder {
  private folder?: string;
  private count = 0;

  private open(): string {
    if (!this.folder) {
      this.folder = mkdtempSync(join(tmpdir(), 'sandbox-lambda-'));
      writeFileSync(join(this.folder, 'runtime.cjs'), runtimeSource);
      const modules = join(this.folder, 'node_modules');
      const source = nodeModules();
      mkdirSync(modules);
      for (const scope of source ? carried : []) {
        symlinkSync(join(source ?? '', scope), join(modules, scope));
      }
    }
    return this.folder;
  }

  get runtimeFile(): string {
    return join(this.open(), 'runtime.cjs');
  }

  get nodePath(): string {
    return join(this.open(), 'node_modules');
  }

  /**
   * Unpacks a deployment package into a folder of its own.
   *
   * @throws Error when the archive cannot be read
   */
  unpack(zip: Buffer): string {
    const entries = unzip(zip);
    this.count += 1;
    const root = join(this.open(), `task-${this.count}`);
    mkdirSync(root);
    for (const entry of entries) {
      const file = join(root, entry.path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, entry.data, { mode: entry.mode || 0o644 });
    }
    return root;
  }

  close(): void {
    if (this.folder) {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
