import { type AssemblyStack, readAssembly, type StackInput } from '../../cloudformation';
import { domainOf } from '../../organization/partitions';
import { findingsStackName, recordStackName } from '../../stacks/model';
import { assemblyFor } from './assemblies';
import type { Files } from './files';

/** A stack of the CDK app, ready to be compared and deployed. */
export interface SynthesizedStack {
  readonly stack: AssemblyStack;
  readonly input: StackInput;
}

/** A cloud assembly. */
export interface Synthesis {
  of(id: string): SynthesizedStack;
}

/** The cloud assembly of the CDK app. `known` is what `regions: all` stands for. */
export async function synthesizeFor(files: Files, known?: readonly string[]): Promise<Synthesis> {
  const directory = await assemblyFor(files, files.config.regions === 'all' ? known : undefined);
  const stacks = readAssembly(directory);
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

/** Stacks that stand beside `garrison-security` and come before it. Each stays when it is no longer asked for. */
export interface SideStacks<T> {
  /** The record's stack, while the attestation is on. */
  readonly record?: T;
  /** Bucket and key that findings are exported to, while Garrison makes them. */
  readonly findings?: T;
}

/** The stacks beside `garrison-security` that the files ask for. */
export function sideStacksOf({ config }: Files, synthesis: Synthesis): SideStacks<SynthesizedStack> {
  const { attestation, guardduty } = config;
  const isCreating = guardduty.publishingDestinations?.some(({ create }) => create) ?? false;
  return {
    ...(attestation.enabled ? { record: synthesis.of(recordStackName) } : {}),
    ...(isCreating ? { findings: synthesis.of(findingsStackName) } : {}),
  };
}

/** Where the stack's template lies once its assets are published; the bootstrap's stacks have none. */
function templateUrl({ id, region, assets }: AssemblyStack, { config }: Files): string | undefined {
  const asset = assets.find(({ path }) => path.endsWith(`/${id}.template.json`));
  return asset && `https://s3.${region}.${domainOf(config.partition)}/${asset.bucket}/${asset.key}`;
}
