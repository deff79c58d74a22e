import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GarrisonError } from '../organization/errors';

/** What the CDK app is run with. */
export interface SynthesisInput {
  /** The clone's top folder, with `cdk.json`. */
  readonly projectRoot: string;
  /** Path of `garrison.yaml`. */
  readonly config: string;
  /** Path of `accounts.csv`. */
  readonly accounts: string;
  /** Regions that `regions: all` stands for, once they are known. */
  readonly regions?: readonly string[];
  /** ARNs of roles that count as privileged by their policies. */
  readonly administrators?: readonly string[];
  /** Folder for the cloud assembly. */
  readonly output: string;
}

/**
 * Runs the CDK app in a process of its own, as the CDK CLI would, and writes the cloud assembly.
 *
 * @throws GarrisonError `synth.failed` with what the app said
 */
export async function synthesize(input: SynthesisInput): Promise<void> {
  const { code, complaints } = await run([join(input.projectRoot, 'stacks', 'start.mjs')], input.projectRoot, {
    ...process.env,
    CDK_OUTDIR: input.output,
    // The CDK's own linter takes longer than all the rest. `npx cdk synth` runs it, and so do the tests.
    CDK_VALIDATION: 'false',
    CDK_CONTEXT_JSON: JSON.stringify(contextOf(input.projectRoot)),
    GARRISON_CONFIG: input.config,
    GARRISON_ACCOUNTS: input.accounts,
    GARRISON_REGIONS: input.regions?.join(','),
    GARRISON_ADMINISTRATORS: administratorsFile(input),
  });
  if (code !== 0) {
    throw new GarrisonError(
      'synth.failed',
      `The CDK app failed: ${complaints.trim() || `exit code ${code}`}`,
      'Mend what it says. `npx cdk synth` shows the same by itself.',
    );
  }
}

/** There may be more of them than an environment holds. */
function administratorsFile({ administrators = [], output }: SynthesisInput): string | undefined {
  if (administrators.length === 0) {
    return undefined;
  }
  const file = join(output, 'garrison-administrators.json');
  writeFileSync(file, JSON.stringify(administrators));
  return file;
}

/** Feature flags and settings that the CDK CLI would hand over from `cdk.json`. */
function contextOf(projectRoot: string): Record<string, unknown> {
  const file = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')) as { context?: Record<string, unknown> };
  return file.context ?? {};
}

async function run(
  args: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; complaints: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const complaints: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, complaints: Buffer.concat(complaints).toString('utf8') }));
  });
}
