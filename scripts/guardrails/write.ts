import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import {
  allowStatement,
  type ConfiguredGuardrail,
  managedPolicyLimits,
  type PackedPolicy,
  packPolicies,
  serviceControlLimits,
} from '../../guardrails';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { warn } from './list';
import { readConfigured, requireSome } from './shared';

interface WriteOptions extends CommonOptions {
  readonly output?: string;
  readonly format: 'scp' | 'iam';
}

/** `garrison guardrails write`: the policies as they are attached, as files for a review or for other tools. */
export function registerWrite(parent: Command, io: Io): void {
  const command = parent
    .command('write')
    .description('The policies as JSON: on standard output, or one file each in a folder.')
    .option('--output <dir>', 'write files there; those of an earlier run that are no longer needed go')
    .addOption(
      new Option('--format <format>', 'service control policies, or managed policies for IAM')
        .choices(['scp', 'iam'])
        .default('scp'),
    );
  withCommonOptions(command).action((options: WriteOptions) => {
    const configured = readConfigured(options);
    requireSome(configured);
    const { policies, left } =
      options.format === 'scp' ? serviceControl(configured.guardrails) : managed(configured.guardrails);
    for (const { guardrail } of left) {
      io.stderr.write(`${guardrail.id} is left out: ${guardrail.notAsBoundary}.\n`);
    }
    warn(configured.guardrails, io);
    if (options.output === undefined) {
      io.stdout.write(
        `${JSON.stringify(policies.map(({ name, guardrails, content }) => ({ name, guardrails, document: JSON.parse(content) as unknown })))}\n`,
      );
      return;
    }
    const files = writeFiles(policies, options.output, prefixes[options.format]);
    if (options.json) {
      io.stdout.write(`${JSON.stringify({ ok: true, files })}\n`);
      return;
    }
    for (const { file, characters, guardrails } of files) {
      io.stdout.write(`${file}: ${characters} characters: ${guardrails.join(', ')}\n`);
    }
  });
}

const prefixes = { scp: 'garrison-guardrails-', iam: 'garrison-boundary-' } as const;

interface Written {
  readonly policies: readonly PackedPolicy[];
  /** Guardrails that cannot be said in this format. */
  readonly left: readonly ConfiguredGuardrail[];
}

function serviceControl(guardrails: readonly ConfiguredGuardrail[]): Written {
  return { policies: packPolicies(guardrails, serviceControlLimits), left: [] };
}

/** A role has one boundary: so it is one policy, which allows everything else. */
function managed(guardrails: readonly ConfiguredGuardrail[]): Written {
  const left = guardrails.filter(({ guardrail, off }) => off === undefined && guardrail.notAsBoundary !== undefined);
  const fitting = guardrails.filter((one) => !left.includes(one));
  const policies = packPolicies(fitting, managedPolicyLimits, { prefix: prefixes.iam, first: [allowStatement] });
  if (policies.length > 1) {
    const sizes = policies.map(({ content }) => content.length).reduce((one, other) => one + other);
    throw new GarrisonError(
      'guardrail.boundary',
      `as a permissions boundary these guardrails have ${sizes} characters, and a managed policy holds ${managedPolicyLimits.characters}`,
      'Write fewer of them for boundaries: a copy of garrison.yaml with `guardrails.disabled`, given with --config.',
    );
  }
  return { policies, left };
}

function writeFiles(policies: readonly PackedPolicy[], folder: string, prefix: string) {
  try {
    mkdirSync(folder, { recursive: true });
    const names = new Set(policies.map(({ name }) => `${name}.json`));
    for (const file of readdirSync(folder)) {
      if (file.startsWith(prefix) && file.endsWith('.json') && !names.has(file)) {
        rmSync(join(folder, file));
      }
    }
    return policies.map(({ name, content, guardrails }) => {
      const file = join(folder, `${name}.json`);
      // Not a blank more than is attached: what is reviewed is what counts against the limit.
      writeFileSync(file, `${content}\n`);
      return { file, characters: content.length, guardrails };
    });
  } catch (cause) {
    throw new GarrisonError(
      'file.unwritable',
      `${folder} cannot be written: ${(cause as Error).message}`,
      'Give another folder.',
      {},
      { cause },
    );
  }
}
