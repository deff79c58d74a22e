import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import type { Io } from './io';
import { reportFailure } from './views/failure';

/** Loads the file of one subcommand only when it is asked for: most of them pull in AWS clients. */
type Subcommand = () => Promise<{ register(program: Command, io: Io): void }>;

const subcommands: Readonly<Record<string, Subcommand>> = {
  sandbox: () => import('./sandbox'),
  rehearse: () => import('./rehearse'),
  bootstrap: () => import('./bootstrap'),
  plan: () => import('./plan'),
  apply: () => import('./apply'),
  verify: () => import('./verify'),
  remove: () => import('./remove'),
  drill: () => import('./drill'),
  findings: () => import('./findings'),
  accounts: () => import('./accounts'),
  onboard: () => import('./onboard'),
  offboard: () => import('./offboard'),
  detections: () => import('./detections'),
  hunt: () => import('./hunt'),
  guardrails: () => import('./guardrails'),
  secret: () => import('./secret'),
  slack: () => import('./slack'),
  notify: () => import('./notify'),
  routes: () => import('./routes'),
  alerts: () => import('./alerts'),
  attest: () => import('./attest'),
  responders: () => import('./responders'),
};

/**
 * Runs `garrison <argv>` and resolves with the exit code: 0 done or nothing to do, 1 an error, 2 something is to be
 * done (`plan`, `verify`). Never throws.
 */
export async function run(argv: readonly string[], io: Omit<Io, 'setExitCode'>): Promise<number> {
  let exitCode = 0;
  const shell: Io = {
    ...io,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const program = newProgram(shell);
  try {
    await registerSubcommands(program, argv, shell);
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 1;
    }
    reportFailure(error, shell, argv.includes('--json'));
    return 1;
  }
}

/** The process: `bin/garrison.js` calls it. */
export async function main(): Promise<void> {
  const { argv, stdout, stderr, stdin, env } = process;
  // A reader that closes the pipe early (`garrison plan | head`) is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  process.exitCode = await run(argv.slice(2), { stdout, stderr, stdin, env });
}

function newProgram(io: Io): Command {
  return new Command('garrison')
    .description('A guard in every AWS account and region, from one security account.')
    .version(version, '--version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .addHelpText('after', examples);
}

async function registerSubcommands(program: Command, argv: readonly string[], io: Io): Promise<void> {
  const asked = argv.find((argument) => !argument.startsWith('-'));
  const known = asked !== undefined && asked in subcommands ? [asked] : Object.keys(subcommands);
  for (const name of known) {
    (await (subcommands[name] as Subcommand)()).register(program, io);
  }
  pointToHelp(program, 'garrison');
}

/** After a usage error, every command points to its own help. */
function pointToHelp(command: Command, path: string): void {
  const what = command.commands.length > 0 ? 'the subcommands and their options' : 'its arguments and options';
  command.showHelpAfterError(`Run \`${path} --help\` for ${what}.`);
  for (const subcommand of command.commands) {
    pointToHelp(subcommand, `${path} ${subcommand.name()}`);
  }
}

const examples = `
Exit codes: 0 done, or nothing to do; 1 an error; 2 something is to be done (plan, verify, accounts sync,
guardrails plan).

Try it without an AWS account:
  garrison rehearse                       a whole rollout on a local organization
  garrison sandbox                        the local organization alone, for your own trials

On your organization, as the management account and then as the security account:
  AWS_PROFILE=management garrison bootstrap
  AWS_PROFILE=security   garrison plan
  AWS_PROFILE=security   garrison apply
  AWS_PROFILE=security   garrison verify --json

Day by day, as the security account:
  garrison findings --severity High --since 7d
  garrison accounts sync                  what the organization has and accounts.csv has not
  garrison onboard 123456789012           guard an account; offboard lets it go
  garrison drill --all-cells              proof, per account and region, that an alarm is heard
  AWS_PROFILE=security   garrison remove     and then as the management account: takes everything out
`;
