import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseAccounts } from '../organization/accountsFile';
import { syncAccounts } from '../organization/accountsSync';
import { loadConfig } from '../organization/config';
import { GarrisonError, GarrisonErrors } from '../organization/errors';
import type { Host } from '../organization/messages';
import { readAccountsText, replaceFile } from './accounts/file';
import { accountIds } from './accounts/ids';
import { organizationReader, readOrganization } from './accounts/read';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { openRolloutWithRules } from './rollout/context';
import { loadFiles } from './rollout/files';
import { applyStages } from './rollout/stages';
import { reportApplied } from './views/applied';
import { createProgress } from './views/progress';

/** `garrison onboard`: what `apply` does, for some accounts alone. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('onboard')
    .argument('<account...>', 'account ids; - reads them from standard input')
    .description(
      'Guard accounts: add rows that accounts.csv lacks, then do what apply does for these accounts alone. Runs as the security account.',
    );
  withCommonOptions(command).action(async (accounts: string[], options: CommonOptions) =>
    onboard(accounts, options, io),
  );
}

async function onboard(given: readonly string[], options: CommonOptions, io: Io): Promise<void> {
  const ids = await accountIds(given, io);
  const progress = await createProgress(io);
  try {
    const added = await progress.stage(
      'accounts',
      (host) => addRows(ids, options, host),
      (rows) => ({ text: rows.length > 0 ? `${rows.length} added to ${options.accounts}` : 'listed already' }),
    );
    const files = loadFiles(options);
    const rollout = await progress.stage('security account', (host) => openRolloutWithRules(files, host));
    const results = await applyStages({ ...rollout, only: new Set(ids) }, progress);
    reportApplied(results, options, io, { accounts: ids, added });
  } finally {
    progress.close();
  }
}

/** Adds rows for those that the file lacks, as the organization describes them; all of them or none. */
async function addRows(ids: readonly string[], options: CommonOptions, host: Host): Promise<string[]> {
  const config = loadConfig(options.config);
  const file = resolve(options.accounts);
  const text = readAccountsText(file);
  const present = new Set(listedIds(text, options.accounts));
  const missing = ids.filter((id) => !present.has(id));
  if (missing.length === 0) {
    return [];
  }
  const session = await organizationReader(config);
  const organization = await readOrganization(session, config, { units: /\bou\b/i.test(text), host });
  const known = new Map(organization.map((account) => [account.id, account]));
  const problems = missing.flatMap((id) => obstacleOf(id, known.get(id)?.status, options.accounts));
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
  const synced = syncAccounts(
    text,
    organization.filter(({ id }) => missing.includes(id)),
    options.accounts,
  );
  parseAccounts(synced.text, options.accounts, config);
  replaceFile(file, synced.text);
  return missing;
}

/** A file of a header alone lists nobody yet. */
function listedIds(text: string, file: string): string[] {
  try {
    return parseAccounts(text, file).map(({ id }) => id);
  } catch (error) {
    const isEmpty = error instanceof GarrisonErrors && error.problems.every(({ code }) => code === 'accounts.empty');
    if (!isEmpty) {
      throw error;
    }
    return [];
  }
}

function obstacleOf(accountId: string, status: string | undefined, file: string): GarrisonError[] {
  if (status === 'ACTIVE') {
    return [];
  }
  return status === undefined
    ? [
        new GarrisonError(
          'onboard.unknown',
          `is neither in ${file} nor in the organization`,
          `Check the id; for an account outside the organization add a row to ${file} with its root e-mail.`,
          { accountId },
        ),
      ]
    : [
        new GarrisonError(
          'onboard.inactive',
          `is ${status.toLowerCase().replaceAll('_', ' ')}: nothing can run there`,
          'Reopen the account, or leave it out.',
          { accountId },
        ),
      ];
}
