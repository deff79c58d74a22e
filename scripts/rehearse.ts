import type { Command } from 'commander';
import pc from 'picocolors';
import { GarrisonError } from '../organization/errors';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { type LocalOrganization, startLocalOrganization } from './rehearsal/localOrganization';
import { receivedMessages, slackSecret } from './rehearsal/slack';
import { runStep, type StepResult } from './rehearsal/step';

interface RehearseOptions extends CommonOptions {
  readonly suspended: readonly string[];
}

interface Step {
  readonly as: 'management' | 'security';
  readonly args: readonly string[];
  readonly says: string;
  /** Exit codes that let the rehearsal go on. */
  readonly expected: readonly number[];
  readonly input?: (organization: LocalOrganization, options: CommonOptions) => Promise<string>;
  readonly after?: (organization: LocalOrganization, io: Io) => Promise<void>;
}

const steps: readonly Step[] = [
  { as: 'management', args: ['bootstrap'], says: 'plant the roles, once', expected: [0] },
  { as: 'security', args: ['plan', '--summary'], says: 'what apply is going to do', expected: [0, 2] },
  {
    as: 'security',
    args: ['secret', 'set'],
    says: "Slack's webhook or token, from standard input",
    expected: [0],
    input: (organization, { config }) => slackSecret(organization, config),
  },
  { as: 'security', args: ['apply'], says: 'roll out detectors, members, notifier', expected: [0] },
  {
    as: 'security',
    args: ['drill'],
    says: 'a sample finding, through the real path',
    expected: [0],
    after: showSlackMessages,
  },
  { as: 'security', args: ['verify'], says: 'observe again: is everything guarded?', expected: [0] },
];

/** `garrison rehearse`: the whole rollout on a local organization, by the same subcommands as on the real one. */
export function register(program: Command, io: Io): void {
  const command = program.command('rehearse').description('Rehearse a whole rollout on a local organization.');
  withCommonOptions(command)
    .option('--suspended <account...>', 'accounts that the local organization has suspended', [])
    .action(async (options: RehearseOptions) => rehearse(options, io));
}

async function rehearse(options: RehearseOptions, io: Io): Promise<void> {
  const started = Date.now();
  const organization = await startLocalOrganization(options, io);
  try {
    announce(io, options, `Local organization at ${organization.endpoint}`);
    for (const step of steps) {
      await take(step, organization, options, io);
    }
    const seconds = (Date.now() - started) / 1000;
    if (options.json) {
      io.stdout.write(`${JSON.stringify({ ok: true, seconds })}\n`);
    }
    announce(io, options, pc.green(`The rehearsal passed in ${seconds.toFixed(1)} s.`));
  } finally {
    await organization.stop();
  }
}

async function take(step: Step, organization: LocalOrganization, options: RehearseOptions, io: Io): Promise<void> {
  const command = `garrison ${step.args.join(' ')}`;
  announce(io, options, `\n${pc.bold(`$ ${command}`)}  ${pc.dim(`# ${step.as} account: ${step.says}`)}`);
  const input = await step.input?.(organization, options);
  const result = await runStep({ ...step, input }, organization, options, io);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ command, ...stepRecord(result) })}\n`);
  }
  if (!step.expected.includes(result.exitCode)) {
    throw new GarrisonError(
      'rehearsal.step',
      `\`${command}\` ended with exit code ${result.exitCode} in the rehearsal`,
      'Read what it printed above. The local organization is gone; run the rehearsal again after the cause is mended.',
    );
  }
  await step.after?.(organization, io);
}

function stepRecord(result: StepResult) {
  return { exitCode: result.exitCode, seconds: result.seconds, output: result.documents };
}

async function showSlackMessages(organization: LocalOrganization, io: Io): Promise<void> {
  const { slackTerminal } = await import('./views/slackTerminal');
  for (const message of await receivedMessages(organization.slack.messages)) {
    const width = Math.min(io.stderr.columns ?? 100, 100);
    io.stderr.write(`\n${slackTerminal(message, { width, place: 'The local Slack received:' })}\n`);
  }
}

function announce(io: Io, options: CommonOptions, text: string): void {
  (options.json ? io.stderr : io.stdout).write(`${text}\n`);
}
