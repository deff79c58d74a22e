import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { parseAccounts } from '../organization/accountsFile';
import { type SyncChange, type Synced, syncAccounts } from '../organization/accountsSync';
import { loadConfig } from '../organization/config';
import { readAccountsText, replaceFile } from './accounts/file';
import { organizationReader, readOrganization } from './accounts/read';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { createProgress } from './views/progress';

interface SyncOptions extends CommonOptions {
  readonly write: boolean;
}

/** `garrison accounts sync`: `accounts.csv` as the organization is. */
export function register(program: Command, io: Io): void {
  const accounts = program.command('accounts').description('The list of accounts.');
  const command = accounts
    .command('sync')
    .description(
      'Compare accounts.csv with the organization: new accounts, closed ones, new names, e-mails and units. Changes nothing without --write. Runs as the security or the management account.',
    )
    .option('--write', 'write accounts.csv', false);
  withCommonOptions(command).action(async (options: SyncOptions) => sync(options, io));
}

async function sync(options: SyncOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config);
  const file = resolve(options.accounts);
  const text = readAccountsText(file);
  const progress = await createProgress(io);
  try {
    const organization = await progress.stage(
      'organization',
      async (host) => readOrganization(await organizationReader(config), config, { units: /\bou\b/i.test(text), host }),
      (listed) => ({ text: `${listed.length} accounts` }),
    );
    const synced = syncAccounts(text, organization, options.accounts);
    const written = options.write && synced.changes.length > 0;
    if (written) {
      // Whatever others wrote into the organization, the next command has to be able to read it.
      parseAccounts(synced.text, options.accounts, config);
      replaceFile(file, synced.text);
    }
    report(synced, written, options, io);
  } finally {
    progress.close();
  }
}

function report({ changes, outside, diff }: Synced, written: boolean, options: SyncOptions, io: Io): void {
  const done = written || changes.length === 0;
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: done, written, changes, outside, diff })}\n`);
  } else {
    for (const line of diff) {
      io.stdout.write(`${(line.startsWith('-') ? pc.red : pc.green)(clean(line))}\n`);
    }
    for (const change of changes.filter(({ kind }) => kind === 'close')) {
      io.stdout.write(`${closedLine(change, written)}\n`);
    }
    if (outside.length > 0) {
      io.stdout.write(`Kept, though not in the organization: ${outside.join(' ')}\n`);
    }
    io.stdout.write(`${summary(changes, written, options.accounts)}\n`);
  }
  io.setExitCode(done ? 0 : 2);
}

function closedLine({ accountId, from = '' }: SyncChange, written: boolean): string {
  const state = from.toLowerCase().replaceAll('_', ' ');
  return `${accountId} is ${state}: its row ${written ? 'is gone' : 'would go'}; \`garrison offboard ${accountId}\` removes what stands of it.`;
}

const words: Readonly<Record<SyncChange['kind'], string>> = {
  add: 'new',
  close: 'closed',
  rename: 'renamed',
  email: 'with another e-mail',
  move: 'moved',
};

function summary(changes: readonly SyncChange[], written: boolean, file: string): string {
  if (changes.length === 0) {
    return `Nothing to do: ${file} is as the organization is.`;
  }
  const counts = (Object.keys(words) as SyncChange['kind'][])
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${words[kind]}`);
  return written
    ? `${file} is written: ${counts.join(', ')}. \`garrison plan\` tells what follows from it.`
    : `${counts.join(', ')}. \`garrison accounts sync --write\` writes ${file}.`;
}

/** Names come from whoever created the accounts: they must not command the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
