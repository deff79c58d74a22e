import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { createSandbox, type RunningSandbox, type SandboxOptions } from '../../sandbox';
import { run } from '../../scripts/garrison';
import { temporaryFolder } from './temporaryFolder';

export const managementId = '100000000001';
export const securityId = '100000000002';

/** What a subcommand printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A local organization, its two files on disk, and the command run on it as a user would. */
export interface TestOrganization {
  readonly sandbox: RunningSandbox;
  readonly accountIds: readonly string[];
  readonly files: readonly string[];
  /** Environment of a process that acts as one of the two accounts. */
  environment(as: 'management' | 'security'): Record<string, string>;
  garrison(as: 'management' | 'security', ...args: string[]): Promise<Ran>;
  /** The same with a text on standard input. */
  garrisonWith(input: string, as: 'management' | 'security', ...args: string[]): Promise<Ran>;
  /** The same for somebody at a terminal who types an answer to what is asked. */
  garrisonAtTerminal(answer: string, as: 'management' | 'security', ...args: string[]): Promise<Ran>;
  /** Attaches a service control policy that denies actions in an account. */
  denyByServiceControlPolicy(accountId: string, actions: readonly string[]): Promise<void>;
  /** Detaches what `denyByServiceControlPolicy` attached. */
  allowAgain(): Promise<void>;
}

interface Trouble {
  readonly optedOut?: Readonly<Record<string, readonly string[]>>;
  readonly suspended?: readonly string[];
}

/** `members` accounts beside the management and the security account; `regions` are guarded. */
export async function startOrganization(
  members: number,
  regions: readonly string[],
  { optedOut = {}, suspended = [], ...options }: Partial<SandboxOptions> & Trouble = {},
): Promise<TestOrganization> {
  const accounts = [
    managementId,
    securityId,
    ...Array.from({ length: members }, (_, index) => String(100000000011 + index)),
  ].map((id) => ({
    id,
    email: `aws+${id}@example.com`,
    name: `account-${id.slice(-2)}`,
    ouPath: 'Workloads',
    optedOutRegions: optedOut[id],
    status: suspended.includes(id) ? ('SUSPENDED' as const) : undefined,
  }));
  const sandbox = await createSandbox({
    accounts,
    managementAccount: managementId,
    securityAccount: securityId,
    ...options,
  });
  const files = writeFiles(accounts, regions);
  const environment = (as: 'management' | 'security') => ({
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: sandbox[as].accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox[as].secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  return {
    sandbox,
    accountIds: accounts.map(({ id }) => id),
    files,
    environment,
    async garrison(as, ...args) {
      // The SDK's standard chain reads the process's environment.
      Object.assign(process.env, environment(as));
      return capture([...args, ...files]);
    },
    async garrisonWith(input, as, ...args) {
      Object.assign(process.env, environment(as));
      return capture([...args, ...files], Readable.from([input]));
    },
    async garrisonAtTerminal(answer, as, ...args) {
      Object.assign(process.env, environment(as));
      return capture([...args, ...files], Object.assign(Readable.from([`${answer}\n`]), { isTTY: true }));
    },
    ...serviceControlPolicies(sandbox),
  };
}

function serviceControlPolicies(
  sandbox: RunningSandbox,
): Pick<TestOrganization, 'denyByServiceControlPolicy' | 'allowAgain'> {
  const { accessKeyId, secretAccessKey } = sandbox.management;
  const client = new OrganizationsClient({
    region: 'us-east-1',
    endpoint: sandbox.endpoint,
    credentials: { accessKeyId, secretAccessKey },
  });
  const attached: { PolicyId: string; TargetId: string }[] = [];
  return {
    async denyByServiceControlPolicy(accountId, actions) {
      const { Roots = [] } = await client.send(new ListRootsCommand({}));
      if (!Roots[0]?.PolicyTypes?.some(({ Type }) => Type === 'SERVICE_CONTROL_POLICY')) {
        await client.send(new EnablePolicyTypeCommand({ RootId: Roots[0]?.Id, PolicyType: 'SERVICE_CONTROL_POLICY' }));
      }
      const Content = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: actions, Resource: '*' }],
      });
      const { Policy } = await client.send(
        new CreatePolicyCommand({
          Name: `deny-${accountId}`,
          Description: '',
          Type: 'SERVICE_CONTROL_POLICY',
          Content,
        }),
      );
      const attachment = { PolicyId: Policy?.PolicySummary?.Id as string, TargetId: accountId };
      await client.send(new AttachPolicyCommand(attachment));
      attached.push(attachment);
    },
    async allowAgain() {
      for (const attachment of attached.splice(0)) {
        await client.send(new DetachPolicyCommand(attachment));
      }
    },
  };
}

function writeFiles(
  accounts: readonly { id: string; email: string; name: string }[],
  regions: readonly string[],
): string[] {
  const folder = temporaryFolder();
  const rows = accounts.map(({ id, email, name }) => `${id},${email},${name}`);
  writeFileSync(join(folder, 'accounts.csv'), `accountId,email,name\n${rows.join('\n')}\n`);
  writeFileSync(
    join(folder, 'garrison.yaml'),
    `managementAccount: "${managementId}"\nsecurityAccount: "${securityId}"\nhomeRegion: us-east-1\nregions: [${regions.join(', ')}]\nnotifier: {slack: {webhookParameter: /garrison/slack/webhook, mention: S0SECURITY}}\n`,
  );
  return ['--config', join(folder, 'garrison.yaml'), '--accounts', join(folder, 'accounts.csv')];
}

async function capture(args: readonly string[], stdin: Readable = process.stdin): Promise<Ran> {
  const [stdout, stderr] = [collector(), collector()];
  const code = await run(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin,
    env: process.env,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { stream: Writable; text(): string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
