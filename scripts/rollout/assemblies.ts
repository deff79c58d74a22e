import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../cloudformation';
import { ownStackSets } from '../../organization/ownStackSets';
import { projectRoot } from '../paths';
import type { Files } from './files';

/** What the CDK app and the functions that it bundles are made of. */
const sources = ['organization', 'patterns', 'detections', 'roles', 'notifier', 'responders', 'attestation', 'stacks'];
const folder = join(projectRoot(), '.garrison', 'assemblies');
const most = 20;
const anHour = 3_600_000;

/**
 * Folder of the cloud assembly for the files. The same files and the same code make the same assembly, so it is kept
 * beside the clone and the CDK app runs only when something has changed. It holds no secrets.
 */
export async function assemblyFor(files: Files, regions?: readonly string[]): Promise<string> {
  const known = join(folder, fingerprint(files, regions));
  if (existsSync(join(known, 'manifest.json'))) {
    return known;
  }
  const output = newFolder();
  const { administrators, paths } = files;
  await synthesize({ projectRoot: projectRoot(), ...paths, regions, administrators, output });
  return kept(output, known);
}

/** Beside the clone; where nobody may write there, a temporary one. */
function newFolder(): string {
  try {
    mkdirSync(folder, { recursive: true });
    return mkdtempSync(join(folder, 'new-'));
  } catch {
    return mkdtempSync(join(tmpdir(), 'garrison-assembly-'));
  }
}

/** Another process may have made the same meanwhile: then theirs serves as well. */
function kept(output: string, known: string): string {
  try {
    renameSync(output, known);
    forgetOld();
    return known;
  } catch {
    return output;
  }
}

/** None that another process may still read. */
function forgetOld(): void {
  const now = Date.now();
  const old = readdirSync(folder)
    .map((name) => ({ path: join(folder, name), age: now - statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => one.age - other.age)
    .slice(most)
    .filter(({ age }) => age > anHour);
  for (const { path } of old) {
    rmSync(path, { recursive: true, force: true });
  }
}

function fingerprint({ config, accounts, paths, administrators = [] }: Files, regions: readonly string[] = []): string {
  const templates = ownStackSets(config, accounts, paths.config).map(({ templateFile }) => templateFile);
  const hash = createHash('sha256').update(JSON.stringify([regions, administrators, process.version, codeStamp()]));
  for (const file of [paths.config, paths.accounts, ...templates]) {
    hash.update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

let stamp: string | undefined;

/** Names, sizes and times of all source files: some hundred, once in a process. */
function codeStamp(): string {
  stamp ??= [...sources.flatMap(filesBelow), 'cdk.json', 'package-lock.json']
    .map((file) => {
      const found = statSync(join(projectRoot(), file), { throwIfNoEntry: false });
      return `${file} ${found?.size} ${found?.mtimeMs}`;
    })
    .join('\n');
  return stamp;
}

function filesBelow(name: string): string[] {
  const files = readdirSync(join(projectRoot(), name), { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith('.ts') || file.endsWith('.mjs'))
    .map((file) => join(name, file))
    .sort();
}
