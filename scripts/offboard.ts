import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isHeldByOurPolicy } from '../guardduty';
import { syncAccounts } from '../organization/accountsSync';
import { GarrisonError, GarrisonErrors } from '../organization/errors';
import { readAccountsText, replaceFile } from './accounts/file';
import { accountIds } from './accounts/ids';
import type { Io } from './io';
import { observeAccounts, type StandingOf, standingLines } from './offboard/standing';
import { type TakenAway, takeAway } from './offboard/takeAway';
import { type CommonOptions, withCommonOptions } from './options';
import { confirm } from './remove/confirm';
import { openRollout, type Rollout } from './rollout/context';
import { type Files, loadFiles } from './rollout/files';
import { deployStacks } from './rollout/stages';
import { failureRecords, printFailures } from './views/failure';
import { createProgress } from './views/progress';

interface OffboardOptions extends CommonOptions {
  readonly yes: boolean;
  readonly keepDetectors: boolean;
  readonly removeRow: boolean;
}

/** `garrison offboard`: accounts that leave. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('offboard')
    .argument('<account...>', 'account ids; - reads them from standard input')
    .description(
      'Let accounts go: end their membership and remove what was rolled out to them. Asks first. Runs as the security account.',
    )
    .option('--keep-detectors', 'GuardDuty stays on in the accounts, on their own', false)
    .option('--remove-row', 'take their rows out of accounts.csv', false)
    .option('--yes', 'do not ask', false);
  withCommonOptions(command).action(async (accounts: string[], options: OffboardOptions) =>
    offboard(accounts, options, io),
  );
}

async function offboard(given: readonly string[], options: OffboardOptions, io: Io): Promise<void> {
  const ids = await accountIds(given, io);
  const files = loadFiles(options);
  refuseOwn(ids, files, options);
  const progress = await createProgress(io);
  let outcome: TakenAway = { members: 0, instances: [], errors: [] };
  let rows: Rows = { removed: [], listed: [] };
  let changed = false;
  try {
    const rollout = await progress.stage('security account', (host) => openRollout(files, host));
    refuseHeld(ids, rollout);
    const standing: StandingOf = await progress.stage('what is there', () => observeAccounts(rollout, new Set(ids)));
    const lines = standingLines(standing, options.keepDetectors);
    changed = lines.length > 0;
    if (changed) {
      io.stderr.write(`${ids.join(' ')}\n${lines.map((line) => `  ${line}\n`).join('')}`);
      await confirm(`This takes the guard away from ${counted(ids)}.`, options.yes, io);
      outcome = await takeAway(ids, standing, { rollout, keepDetectors: options.keepDetectors, progress });
    }
    rows = settleRows(ids, outcome, files, options);
    if (rows.removed.length > 0) {
      // The notifier knows accounts by their names.
      await progress.stage('security stack', (host) => deployStacks({ ...rollout, ...loadFiles(options) }, host));
    }
  } finally {
    progress.close();
  }
  report(ids, { ...outcome, changed, rows }, options, io);
}

/** @throws GarrisonErrors for accounts that a policy of ours would enrol again at once */
function refuseHeld(ids: readonly string[], { config, accounts, organization }: Rollout): void {
  const inside = new Set(organization?.map(({ id }) => id) ?? ids);
  const held = ids
    .filter((id) => inside.has(id))
    .filter((id) => isHeldByOurPolicy(config, accounts.find((account) => account.id === id) ?? { id }));
  if (held.length > 0) {
    throw new GarrisonErrors(
      held.map(
        (accountId) =>
          new GarrisonError(
            'offboard.policy',
            'a GuardDuty policy of the organization holds GuardDuty on there: the account would be back at once',
            'Choose guardduty.policy.targets without it, run `garrison apply`, then offboard it.',
            { accountId },
          ),
      ),
    );
  }
}

/** @throws GarrisonError for accounts that Garrison itself stands on */
function refuseOwn(ids: readonly string[], { config }: Files, { removeRow }: OffboardOptions): void {
  if (ids.includes(config.securityAccount)) {
    throw new GarrisonError(
      'offboard.security',
      'is the security account: it guards the others',
      'Leave it out, or take everything out with `garrison remove`.',
      { accountId: config.securityAccount },
    );
  }
  if (removeRow && ids.includes(config.managementAccount)) {
    throw new GarrisonError(
      'offboard.management',
      'is the management account of the configuration: its row has to stay',
      'Offboard it without --remove-row.',
      { accountId: config.managementAccount },
    );
  }
}

interface Rows {
  readonly removed: readonly string[];
  /** Still listed: the next `apply` would guard them again. */
  readonly listed: readonly string[];
}

/** Takes out the rows of accounts that are gone completely, where that was asked for. */
function settleRows(ids: readonly string[], { errors }: TakenAway, files: Files, options: OffboardOptions): Rows {
  const listed = ids.filter((id) => files.accounts.some((account) => account.id === id));
  if (!options.removeRow) {
    return { removed: [], listed };
  }
  const failed = (id: string) => errors.some(({ place }) => place.accountId === undefined || place.accountId === id);
  const removed = listed.filter((id) => !failed(id));
  if (removed.length > 0) {
    const file = resolve(options.accounts);
    const gone = removed.map((id) => ({ id, email: '', name: '', status: 'CLOSED' }));
    replaceFile(file, syncAccounts(readAccountsText(file), gone, options.accounts).text);
  }
  return { removed, listed: listed.filter(failed) };
}

type Outcome = TakenAway & { readonly changed: boolean; readonly rows: Rows };

function report(ids: readonly string[], outcome: Outcome, options: OffboardOptions, io: Io): void {
  const { changed, members, instances, rows, errors } = outcome;
  if (options.json) {
    const record = {
      ok: errors.length === 0,
      changed: changed || rows.removed.length > 0,
      accounts: ids,
      members: { removed: members },
      stackSets: instances,
      rows,
      errors: errors.flatMap(failureRecords),
    };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const done = errors.length > 0 ? 'Not everything is gone' : `Let go of ${counted(ids)}`;
    io.stdout.write(`${changed ? done : 'Nothing to do: nothing of Garrison stands there'}.\n`);
    if (rows.removed.length > 0) {
      io.stdout.write(`Rows taken out of ${options.accounts}: ${rows.removed.join(' ')}.\n`);
    }
    if (rows.listed.length > 0) {
      io.stdout.write(
        `${options.accounts} still lists ${rows.listed.join(' ')}: the next \`garrison apply\` would guard them again. --remove-row takes the rows out.\n`,
      );
    }
  }
  printFailures([...errors], io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}

function counted(ids: readonly string[]): string {
  return ids.length === 1 ? `account ${ids[0]}` : `${ids.length} accounts`;
}
