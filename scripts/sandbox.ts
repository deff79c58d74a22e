import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Account } from '../organization/accounts';
import { loadAccounts } from '../organization/accountsFile';
import { loadConfig } from '../organization/config';
import { GarrisonError } from '../organization/errors';
import type { RunningSandbox, SandboxOptions } from '../sandbox';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';

interface SandboxCommandOptions extends CommonOptions {
  readonly port: string;
  readonly empty: boolean;
  readonly anyKey?: string;
  readonly latency: string;
  readonly rateLimits: boolean;
  readonly suspended: readonly string[];
}

/** `garrison sandbox`: serves a local organization until it is stopped. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('sandbox')
    .description('Serve the local organization: AWS on loopback, for trials and rehearsals.');
  withCommonOptions(command)
    .option('--port <port>', 'port on 127.0.0.1; 0 takes any free one', '0')
    .option('--empty', 'one account and no organization', false)
    .option('--any-key <account>', 'take any unknown access key as an administrator of this account')
    .option('--latency <duration>', 'time added to every call, such as 40ms', '0ms')
    .option('--rate-limits', 'throttle as AWS does', false)
    .option('--suspended <account...>', 'accounts that are suspended', [])
    .action(async (options: SandboxCommandOptions) => serve(options, io));
}

async function serve(options: SandboxCommandOptions, io: Io): Promise<void> {
  const sandboxOptions = parseOptions(options, io);
  const { createSandbox } = await import('../sandbox');
  const sandbox = await createSandbox(sandboxOptions).catch((cause: unknown) => {
    throw portProblem(options.port, cause) ?? cause;
  });
  const record = sandboxRecord(sandbox, sandboxOptions);
  io.stdout.write(options.json ? `${JSON.stringify(record)}\n` : exportLines(record));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), parentGone(io)]);
  await sandbox.close();
  // An open pipe would keep the process alive.
  io.stdin.destroy();
}

/** A sandbox started through a pipe ends with the process that started it, however that ended. */
async function parentGone(io: Io): Promise<void> {
  if (io.env.GARRISON_SANDBOX_UNTIL_STDIN_CLOSES !== '1') {
    return new Promise(() => {});
  }
  io.stdin.resume();
  await once(io.stdin, 'close');
}

function parseOptions(options: SandboxCommandOptions, io: Io): SandboxOptions {
  const common = {
    port: parsePort(options.port),
    latencyMs: parseMilliseconds(options.latency),
    rateLimits: options.rateLimits,
    anyKeyAccount: parseAccountId(options.anyKey),
  };
  return options.empty ? { ...common, ...emptyWorld(options) } : { ...common, ...organizationOf(options, io) };
}

/** One account and no organization: the account that unknown keys belong to, if there is one. */
function emptyWorld({ anyKey }: SandboxCommandOptions): Partial<SandboxOptions> {
  const accounts = anyKey ? [{ id: anyKey, email: 'root@example.com', name: 'sandbox' }] : undefined;
  return { empty: true, accounts };
}

function organizationOf(options: SandboxCommandOptions, io: Io): Partial<SandboxOptions> {
  const config = existsSync(options.config) ? loadConfig(options.config) : undefined;
  const accounts = loadAccounts(options.accounts, config);
  const suspended = suspendedAmong(accounts, options, io);
  return {
    partition: config?.partition,
    // Without a configuration the first rows play the two parts.
    managementAccount: config?.managementAccount ?? accounts[0]?.id,
    securityAccount: config?.securityAccount ?? accounts[1]?.id ?? accounts[0]?.id,
    accessRoleName: config?.roles.accountAccessRole,
    accounts: accounts.map((account) => sandboxAccount(account, suspended)),
  };
}

/** Whoever brings accounts of their own may keep the option: `npm run rehearse` gives one. */
function suspendedAmong(accounts: readonly Account[], options: SandboxCommandOptions, io: Io): ReadonlySet<string> {
  const strangers = options.suspended.filter((id) => accounts.every((account) => account.id !== id));
  if (strangers.length > 0) {
    io.stderr.write(`--suspended ${strangers.join(' ')}: not in ${options.accounts}, and so of no effect\n`);
  }
  return new Set(options.suspended);
}

function sandboxAccount(account: Account, suspended: ReadonlySet<string>) {
  return {
    id: account.id,
    email: account.email,
    name: account.name ?? account.email.split('@')[0] ?? account.id,
    ouPath: account.ou,
    status: suspended.has(account.id) ? ('SUSPENDED' as const) : ('ACTIVE' as const),
  };
}

function parseAccountId(text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d{12}$/.test(text)) {
    throw new GarrisonError('option.anyKey', `--any-key ${text} is not an account id`, 'Give 12 digits.');
  }
  return text;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new GarrisonError(
      'option.port',
      `--port ${text} is not a port`,
      'Give a number from 0 to 65535; 0 takes any free one.',
    );
  }
  return port;
}

/** What kept the server from listening, where that is the port's fault. */
function portProblem(port: string, cause: unknown): GarrisonError | undefined {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') {
    return undefined;
  }
  return new GarrisonError(
    'option.port',
    `port ${port} ${code === 'EACCES' ? 'may not be used by this user' : 'is in use already'}`,
    'Choose another, or 0 for any free one.',
    {},
    { cause },
  );
}

function parseMilliseconds(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  if (!parts) {
    throw new GarrisonError(
      'option.latency',
      `--latency ${text} is not a duration`,
      'Give milliseconds or seconds, such as 40ms or 0.2s.',
    );
  }
  return Number(parts[1]) * (parts[2] === 's' ? 1000 : 1);
}

/** The first line of `garrison sandbox --json`. */
interface SandboxRecord {
  readonly endpoint: string;
  readonly management: Keys;
  readonly security: Keys;
  /** `messages` answers with what the local Slack received. */
  readonly slack: { readonly webhook: string; readonly messages: string; readonly api: string };
}

interface Keys {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function sandboxRecord(sandbox: RunningSandbox, options: SandboxOptions): SandboxRecord {
  const [first] = sandbox.world.accounts.keys();
  const management = options.managementAccount ?? (first as string);
  return {
    endpoint: sandbox.endpoint,
    management: { accountId: management, ...sandbox.management },
    security: { accountId: options.securityAccount ?? management, ...sandbox.security },
    slack: {
      webhook: `${sandbox.endpoint}/_slack/services/T0GARRISON/B0GARRISON/local`,
      messages: `${sandbox.endpoint}/_slack/messages`,
      api: `${sandbox.endpoint}/_slack/api/`,
    },
  };
}

function exportLines({ endpoint, management, security, slack }: SandboxRecord): string {
  const keys = (title: string, { accountId, accessKeyId, secretAccessKey }: Keys) => `
# as the ${title} account, ${accountId}
export AWS_ACCESS_KEY_ID=${accessKeyId}
export AWS_SECRET_ACCESS_KEY=${secretAccessKey}
`;
  return `# The local organization is at ${endpoint}; Ctrl-C ends it.
export AWS_ENDPOINT_URL=${endpoint}
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
${keys('management', management)}${keys('security', security)}
# What the local Slack received: ${slack.messages}
# Its incoming webhook:          ${slack.webhook}
# Its Web API, any xoxb- token:  ${slack.api}
# Calls counted so far:          ${endpoint}/_sandbox/calls
`;
}
