import type { Command } from 'commander';
import pc from 'picocolors';
import { GarrisonError } from '../organization/errors';
import { callerSession, type Session } from '../organization/sessions';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { confirm } from './remove/confirm';
import { isBare, observeBootstrapped, removeBootstrapped } from './remove/managementPart';
import { observeStanding, operatorOf } from './remove/observe';
import { removeRollout } from './remove/securityPart';
import { bootstrappedLines, keptLines, removalLines } from './remove/words';
import { type Files, loadFiles } from './rollout/files';
import { failureRecords, printFailures } from './views/failure';
import { createProgress, type Progress } from './views/progress';

interface RemoveOptions extends CommonOptions {
  readonly yes: boolean;
  readonly keepGuardduty: boolean;
  readonly deleteRecord: boolean;
  readonly deleteFindings: boolean;
}

const help = `
In this order:
  AWS_PROFILE=security   garrison remove     members, stack instances, stack sets, the security stack
  AWS_PROFILE=management garrison remove     delegations, execution roles, administration roles, the assets bucket
Both say first what would be destroyed, and ask. Both can be killed and run again.
`;

/** `garrison remove`: takes everything out, in the order in which it can go. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('remove')
    .description('Take everything out again: as the security account, then as the management account.')
    .option('--yes', 'do not ask', false)
    .option('--keep-guardduty', 'leave detectors on and members as they are', false)
    .option('--delete-record', 'delete the record of the use of privileges (attestation), too: it is evidence', false)
    .option('--delete-findings', 'delete the findings that GuardDuty exported, too, with their bucket and key', false)
    .addHelpText('after', help);
  withCommonOptions(command).action(async (options: RemoveOptions) => remove(options, io));
}

interface Work {
  readonly files: Files;
  readonly options: RemoveOptions;
  readonly progress: Progress;
  readonly io: Io;
}

async function remove(options: RemoveOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const { config } = files;
  const progress = await createProgress(io);
  try {
    const caller = await callerSession(config.homeRegion);
    const work = { files, options, progress, io };
    if (caller.accountId === config.securityAccount) {
      await securityPart(caller, work);
    } else if (caller.accountId === config.managementAccount) {
      await managementPart(caller, work);
    } else {
      throw new GarrisonError(
        'credentials.account',
        `these credentials are of account ${caller.accountId}; this command runs as the security account, ${config.securityAccount}, and then as the management account, ${config.managementAccount}`,
        'Choose credentials of one of them (AWS_PROFILE, or the keys in the environment).',
        { accountId: caller.accountId },
      );
    }
  } finally {
    progress.close();
  }
}

async function securityPart(caller: Session, work: Work): Promise<void> {
  const { files, options, progress } = work;
  refuseDanglingExport(options);
  const { operator, standing } = await progress.stage('what is there', async (host) => {
    const session = await operatorOf(caller, files, host);
    return { operator: session, standing: await observeStanding(session, files, host) };
  });
  const { keepGuardduty: keepGuardDuty, deleteRecord, deleteFindings } = options;
  const choices = { keepGuardDuty, deleteRecord, deleteFindings };
  const lines = removalLines(standing, choices);
  if (lines.length === 0) {
    report({ destroyed: [], errors: [], next: nextPart(files) }, work);
    return;
  }
  const next = `Then, as the management account ${files.config.managementAccount}: garrison remove, for the roles.`;
  await ask([...lines, ...keptLines(standing, choices), next], work);
  const errors = await removeRollout(standing, { operator, files, ...choices, progress });
  report({ destroyed: lines, errors, next: nextPart(files) }, work);
}

/** @throws GarrisonError where GuardDuty would stay and export to a bucket that is gone */
function refuseDanglingExport({ keepGuardduty, deleteFindings }: RemoveOptions): void {
  if (keepGuardduty && deleteFindings) {
    throw new GarrisonError(
      'remove.export',
      '--keep-guardduty and --delete-findings exclude each other: GuardDuty would go on exporting to a bucket that is gone',
      'Set guardduty.publishingDestinations to [] in garrison.yaml and run garrison apply first; or leave one of the two out.',
    );
  }
}

function nextPart({ config }: Files): string {
  return `Next, as the management account ${config.managementAccount}: garrison remove takes out the roles.`;
}

async function managementPart(management: Session, work: Work): Promise<void> {
  const { files, options, progress } = work;
  const standing = await progress.stage('what is there', (host) =>
    observeBootstrapped(management, files, options.keepGuardduty, host),
  );
  const lines = bootstrappedLines(standing);
  if (isBare(standing)) {
    report({ destroyed: [], errors: standing.unreachable }, work);
    return;
  }
  await ask(lines, work);
  report({ destroyed: lines, errors: await removeBootstrapped(standing, files, progress) }, work);
}

async function ask(lines: readonly string[], { options, io }: Work): Promise<void> {
  io.stderr.write(`\n${lines.join('\n')}\n\n`);
  await confirm(pc.bold('This cannot be undone.'), options.yes, io);
}

interface Outcome {
  readonly destroyed: readonly string[];
  readonly errors: readonly GarrisonError[];
  readonly next?: string;
}

function report({ destroyed, errors, next }: Outcome, { options, io }: Work): void {
  const ok = errors.length === 0;
  if (options.json) {
    const record = { ok, changed: destroyed.length > 0, next, errors: errors.flatMap(failureRecords) };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else if (ok) {
    const what = destroyed.length === 0 ? 'Nothing is left to remove here.' : 'Removed.';
    io.stdout.write(`${what}${next ? ` ${next}` : ''}\n`);
  }
  printFailures(errors, io);
  io.setExitCode(ok ? 0 : 1);
}
