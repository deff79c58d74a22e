import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssemblyStack, readAssembly, type StackInput, synthesize } from '../../cloudformation';
import { ownStackSets } from '../../organization/ownStackSets';
import { domainOf } from '../../organization/partitions';
import { projectRoot } from '../paths';
import type { Files } from './files';
import { recordStackName } from './retired';

/** A stack of the CDK app, ready to be compared and deployed. */
export interface SynthesizedStack {
  readonly stack: AssemblyStack;
  readonly input: StackInput;
}

/** A cloud assembly. */
export interface Synthesis {
  of(id: string): SynthesizedStack;
}

const assemblies = new Map<string, Promise<string>>();
const directories: string[] = [];

/** Runs the CDK app, once in a process for the same files. `known` is what `regions: all` stands for. */
export async function synthesizeFor(files: Files, known?: readonly string[]): Promise<Synthesis> {
  const regions = files.config.regions === 'all' ? known : undefined;
  const key = fingerprint(files, regions);
  const assembly = assemblies.get(key) ?? newAssembly(files, regions);
  assemblies.set(key, assembly);
  const stacks = readAssembly(await assembly);
  return {
    of(id) {
      const stack = stacks.find((candidate) => candidate.id === id);
      if (!stack) {
        throw new Error(`the CDK app made no stack ${id}`);
      }
      const { stackName, templateBody, tags } = stack;
      return { stack, input: { stackName, templateBody, tags, templateUrl: templateUrl(stack, files) } };
    },
  };
}

async function newAssembly(files: Files, regions?: readonly string[]): Promise<string> {
  if (directories.push(mkdtempSync(join(tmpdir(), 'garrison-assembly-'))) === 1) {
    process.once('exit', () => {
      for (const directory of directories) {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
  const output = directories.at(-1) as string;
  return synthesize({ projectRoot: projectRoot(), ...files.paths, regions, output });
}

/** All that the CDK app reads. */
function fingerprint({ config, accounts, paths }: Files, regions: readonly string[] = []): string {
  const templates = ownStackSets(config, accounts, paths.config).map(({ templateFile }) => templateFile);
  const hash = createHash('sha256').update(JSON.stringify(regions));
  for (const file of [paths.config, paths.accounts, ...templates]) {
    hash.update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** The record's stack, while the attestation is on. */
export function recordStackOf({ config }: Files, synthesis: Synthesis): SynthesizedStack | undefined {
  return config.attestation.enabled ? synthesis.of(recordStackName) : undefined;
}

/** Where the stack's template lies once its assets are published; the bootstrap's stacks have none. */
function templateUrl({ id, region, assets }: AssemblyStack, { config }: Files): string | undefined {
  const asset = assets.find(({ path }) => path.endsWith(`/${id}.template.json`));
  return asset && `https://s3.${region}.${domainOf(config.partition)}/${asset.bucket}/${asset.key}`;
}
