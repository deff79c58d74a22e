import type { Command } from 'commander';
import { type AgainstReport, type ConfiguredGuardrail, runAgainst } from '../../guardrails';
import type { Account } from '../../organization/accounts';
import { GarrisonError } from '../../organization/errors';
import { nearest, quoted } from '../../organization/text';
import { isInUnit, unitPath } from '../../organization/unitPaths';
import { parseSince } from '../hunt/since';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { againstText } from './againstText';
import { type Configured, guardrailOf, readConfigured, requireSome } from './shared';

interface AgainstOptions extends CommonOptions {
  readonly since?: string;
  readonly in?: string;
  readonly only?: string[];
}

const help = `
Looks at calls that were not refused, made by principals whom service control policies hold. What the log does not tell
(an image's owner, a resource's tags, a VPC) is said to be unknown, never guessed. iam:PassRole is in no log, and calls
on objects and items only if the trail records data events.

Exit codes: 0 done, whatever was found; 1 nothing could be read.
`;

/** `garrison guardrails against LOGS…`: whom each guardrail would have stopped. */
export function registerAgainst(parent: Command, io: Io): void {
  const command = parent
    .command('against <logs...>')
    .description('Whom each guardrail would have stopped, by CloudTrail’s log files: .json, .json.gz, folders.')
    .option('--since <when>', 'leave out what is older: a date, or such as 7d, 12h')
    .option('--in <target>', 'count only an account, or a unit of accounts.csv, by its path')
    .option('--only <id...>', 'these guardrails, on or off')
    .addHelpText('after', help);
  withCommonOptions(command).action((logs: readonly string[], options: AgainstOptions) => against(logs, options, io));
}

async function against(logs: readonly string[], options: AgainstOptions, io: Io): Promise<void> {
  const configured = readConfigured(options);
  const guardrails = chosen(options.only, configured);
  const { config, accounts } = configured;
  const since = options.since === undefined ? undefined : parseSince(options.since, new Date());
  const report = await reading(logs, () =>
    runAgainst(guardrails, logs, {
      managementAccountId: config.managementAccount,
      rolePaths: [...new Set(['/', config.roles.path])],
      counted: countedIn(options.in, accounts),
      since,
    }),
  );
  if (report.files === 0 && since === undefined) {
    throw new GarrisonError(
      'hunt.empty',
      'no log files were found there',
      "CloudTrail's log files end in .json.gz or .json: check the path.",
    );
  }
  for (const { file, reason } of report.broken) {
    io.stderr.write(`${file}: passed over: ${reason}\n`);
  }
  io.stdout.write(options.json ? `${JSON.stringify(report)}\n` : againstText(report));
}

/** Those that are on; or those that are named, so that one can be tried before it is switched on. */
function chosen(only: readonly string[] | undefined, configured: Configured): ConfiguredGuardrail[] {
  if (only === undefined) {
    requireSome(configured);
    return [...configured.guardrails];
  }
  return only.map((id) => {
    const found = guardrailOf(id, configured);
    if (found.statements.length === 0) {
      throw new GarrisonError(
        'guardrail.parameter',
        `${id} says nothing until ${(found.guardrail.needs ?? []).join(' or ')} is set`,
        `Set it under guardrails.settings.${id}.`,
      );
    }
    return { ...found, off: undefined };
  });
}

/** @throws GarrisonError `option.in` when accounts.csv has no such account or unit */
function countedIn(target: string | undefined, accounts: readonly Account[]): (accountId: string) => boolean {
  if (target === undefined || target === 'root') {
    return () => true;
  }
  const path = unitPath(target);
  const inside = accounts.filter(({ id, ou }) => id === path || isInUnit(ou, path));
  if (inside.length === 0) {
    const near = nearest(path, [...new Set(accounts.flatMap(({ ou }) => ou ?? []))]);
    throw new GarrisonError(
      'option.in',
      `--in ${quoted(target)}: accounts.csv has no such account or unit`,
      near ? `Did you mean ${near}?` : '`garrison accounts sync --write` writes the units.',
    );
  }
  const ids = new Set(inside.map(({ id }) => id));
  return (accountId) => ids.has(accountId);
}

async function reading(logs: readonly string[], read: () => Promise<AgainstReport>): Promise<AgainstReport> {
  try {
    return await read();
  } catch (error) {
    const { path, message, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) {
      throw error;
    }
    throw new GarrisonError(
      'file.unreadable',
      `${path ?? logs.join(' ')} cannot be read: ${message}`,
      'Check the path.',
      {},
      { cause: error },
    );
  }
}
