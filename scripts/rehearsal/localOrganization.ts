import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import type { CommonOptions } from '../options';
import { garrisonCommand } from './step';

/** Access keys of an account's administrator. */
export interface Keys {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The first line of `garrison sandbox --json`, and how to end it. */
export interface LocalOrganization {
  readonly endpoint: string;
  readonly management: Keys;
  readonly security: Keys;
  readonly slack: { readonly webhook: string; readonly messages: string };
  stop(): Promise<void>;
}

/** Starts `garrison sandbox` in a process of its own, which ends with this one. */
export async function startLocalOrganization(
  options: CommonOptions & { suspended: readonly string[] },
  io: Io,
): Promise<LocalOrganization> {
  const suspended = options.suspended.length > 0 ? ['--suspended', ...options.suspended] : [];
  const args = ['sandbox', '--json', '--config', options.config, '--accounts', options.accounts, ...suspended];
  const [command, ...prefix] = garrisonCommand();
  const child = spawn(command, [...prefix, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...io.env, GARRISON_SANDBOX_UNTIL_STDIN_CLOSES: '1' },
  });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const closed = once(child, 'close');
  const first = await firstLine(child);
  if (!first?.includes('"endpoint"')) {
    await closed;
    const why = Buffer.concat(complaints).toString('utf8').trim();
    throw new GarrisonError(
      'rehearsal.sandbox',
      `the local organization did not start: ${why.replace(/^error\s+/, '')}`,
      'Mend what it says, then run the rehearsal again.',
    );
  }
  const record = JSON.parse(first) as Omit<LocalOrganization, 'stop'>;
  return { ...record, stop: () => stop(child) };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    once(child, 'exit').then(() => undefined),
  ]);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) {
    child.stdin?.end();
    await once(child, 'exit');
  }
}
