// Whole commands with nothing to do, in an organization of thousands: calls beside the bound, time, memory.
// npm run build, then: npx tsx bench/guarddutyCommand.ts [--accounts 5000] [--regions 30] [--detections all] [--settings] [--first]
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import type { CallCount } from '../sandbox';
import type { Request } from './guardduty/commandOrganization';
import {
  administratorId,
  emailOf,
  managementId,
  memberIds,
  regionsOf,
  settingsPerRegion,
  settingsYaml,
  type Task,
} from './guardduty/task';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '5000' },
    regions: { type: 'string', default: '30' },
    detections: { type: 'string', default: 'none' },
    /** Protection plans, filters, lists and a destination of Garrison's making. */
    settings: { type: 'boolean', default: false },
    /** The first `apply` for all accounts instead. */
    first: { type: 'boolean', default: false },
  },
});
const task: Task = {
  kind: 'idle',
  // Two of the accounts are the management and the security account.
  accounts: Number(values.accounts) - 2,
  regions: Number(values.regions),
  latency: 0,
  concurrency: 32,
  limits: false,
};

const folder = mkdtempSync(join(tmpdir(), 'garrison-command-'));
const [config, accounts] = [join(folder, 'garrison.yaml'), join(folder, 'accounts.csv')];

interface Opened {
  readonly endpoint: string;
  readonly organizationId: string;
  readonly management: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly security: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

async function ask<T>(child: ChildProcess, kind: Request['kind']): Promise<T> {
  child.send({ kind, task } satisfies Request);
  const [answer] = (await once(child, 'message')) as [T & { error?: string }];
  if (answer.error) {
    throw new Error(`${kind}: ${answer.error}`);
  }
  return answer;
}

// The command's own peak, not that of the process it synthesizes templates in.
const hook = `process.on('exit', () => {
  if ((process.argv[1] ?? '').endsWith('garrison.js')) {
    require('node:fs').writeFileSync(process.env.BENCH_PEAK, String(process.resourceUsage().maxRSS));
  }
});`;

async function garrison(as: 'management' | 'security', organization: Opened, args: readonly string[]) {
  const peak = join(folder, 'peak');
  const started = performance.now();
  const program = join(__dirname, '..', 'bin', 'garrison.js');
  const child = spawn(process.execPath, [program, ...args, '--config', config, '--accounts', accounts], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: `--require ${join(folder, 'hook.cjs')}`,
      BENCH_PEAK: peak,
      AWS_ENDPOINT_URL: organization.endpoint,
      AWS_ACCESS_KEY_ID: organization[as].accessKeyId,
      AWS_SECRET_ACCESS_KEY: organization[as].secretAccessKey,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '1',
    },
  });
  let output = '';
  let printed = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-2_000);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.length;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) {
    throw new Error(`garrison ${args.join(' ')} ended with ${code}: ${output}`);
  }
  return {
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
    'memory MB': Math.round(Number(readFileSync(peak, 'utf8')) / 1024),
    'output MB': Number((printed / 1e6).toFixed(1)),
  };
}

function writeAccounts(ids: readonly string[]): void {
  writeFileSync(accounts, `accountId,email\n${ids.map((id) => `${id},${emailOf(id)}`).join('\n')}\n`);
}

async function main(): Promise<void> {
  const outfile = join(__dirname, '..', 'node_modules', '.cache', 'garrison-bench-command.js');
  const entryPoints = [join(__dirname, 'guardduty', 'commandOrganization.ts')];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' });
  writeFileSync(join(folder, 'hook.cjs'), hook);
  const guardduty = values.settings ? `guardduty:\n${settingsYaml}` : '';
  writeFileSync(join(folder, 'list.txt'), '192.0.2.0/24\n');
  const child = fork(outfile, { env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '1' } });
  const organization = await ask<Opened>(child, 'open');
  writeFileSync(
    config,
    `managementAccount: "${managementId}"\nsecurityAccount: "${administratorId}"\nhomeRegion: us-east-1\norganization: { id: ${organization.organizationId} }\nregions: [${regionsOf(task).join(', ')}]\ndetections: { enabled: ${values.detections} }\n${guardduty}`,
  );
  const own = [managementId, administratorId];
  if (values.first) {
    await firstRollout(organization, [...own, ...memberIds(task)]);
    child.disconnect();
    return;
  }
  // A small rollout first; then the others are filled in, as they would stand after theirs.
  writeAccounts([...own, ...memberIds(task).slice(-1)]);
  await garrison('management', organization, ['bootstrap']);
  writeAccounts(own);
  await garrison('security', organization, ['apply']);
  await ask(child, 'fill');
  writeAccounts([...own, ...memberIds(task)]);
  await garrison('security', organization, ['apply']);
  const rows = [];
  for (const args of [['verify'], ['verify', '--json'], ['plan'], ['apply']]) {
    await ask(child, 'clear');
    const measured = await garrison('security', organization, args);
    const { calls } = await ask<{ calls: CallCount[] }>(child, 'calls');
    const own = calls.filter(({ caller }) => !/assumed-role\/garrison-|amazonaws\.com$/.test(caller));
    rows.push({ run: args.join(' '), calls: own.reduce((sum, { count }) => sum + count, 0), bound, ...measured });
    if (process.env.BENCH_CALLS) {
      console.table(byOperation(own));
    }
  }
  console.table(rows);
  child.disconnect();
}

async function firstRollout(organization: Opened, ids: readonly string[]): Promise<void> {
  writeAccounts(ids);
  const bootstrap = await garrison('management', organization, ['bootstrap']);
  const apply = await garrison('security', organization, ['apply']);
  console.table([
    { run: 'first bootstrap', ...bootstrap },
    { run: 'first apply', ...apply },
  ]);
}

/** How often each operation was called, the most frequent first. */
function byOperation(calls: readonly CallCount[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { service, operation, count } of calls) {
    const name = `${service}:${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

const [all, regions] = [Number(values.accounts), task.regions];
const perRegion = 4 + 2 * Math.ceil(all / 50) + (values.settings ? settingsPerRegion : 0);
const bound = regions * perRegion + Math.ceil((all * regions) / 100) + Math.ceil(all / 20) + 20;

void main().finally(() => rmSync(folder, { recursive: true, force: true }));
