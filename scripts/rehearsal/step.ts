import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Io } from '../io';
import type { CommonOptions } from '../options';
import { projectRoot } from '../paths';
import type { Keys, LocalOrganization } from './localOrganization';

/** What a subcommand left behind. */
export interface StepResult {
  readonly exitCode: number;
  readonly seconds: number;
  /** What it wrote to standard output under `--json`, parsed line by line. */
  readonly documents: readonly unknown[];
}

/** How this very garrison is started: the interpreter and the file. */
export function garrisonCommand(): [string, ...string[]] {
  return [process.execPath, join(projectRoot(), 'bin', 'garrison.js')];
}

/** Runs one subcommand as a user would, with an account's keys and the local endpoint in its environment. */
export async function runStep(
  step: { as: 'management' | 'security'; args: readonly string[]; input?: string },
  organization: LocalOrganization,
  options: CommonOptions,
  io: Io,
): Promise<StepResult> {
  const started = Date.now();
  const [command, ...prefix] = garrisonCommand();
  const common = ['--config', options.config, '--accounts', options.accounts, ...(options.json ? ['--json'] : [])];
  const child = spawn(command, [...prefix, ...step.args, ...common], {
    stdio: [step.input === undefined ? 'ignore' : 'pipe', options.json ? 'pipe' : 'inherit', 'inherit'],
    env: environment(io.env, organization.endpoint, organization[step.as]),
  });
  child.stdin?.end(step.input);
  const output: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return {
    exitCode: code ?? 1,
    seconds: (Date.now() - started) / 1000,
    documents: parseLines(Buffer.concat(output).toString('utf8')),
  };
}

/** The user's environment without their AWS settings: a rehearsal must never reach a real account. */
function environment(base: Io['env'], endpoint: string, keys: Keys): NodeJS.ProcessEnv {
  const others = Object.entries(base).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(others),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function parseLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}
