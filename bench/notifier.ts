// Cold start and size of the notifier's function, beside the ways it was not written.
// npx tsx bench/notifier.ts
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { notifierSchema } from '../organization/config/notifier';
import { notifierSettings } from '../organization/config/notifierSettings';
import { notifierCode } from '../stacks/alerts/notifierCode';

const root = join(__dirname, '..');
const rounds = 20;
const others = { '@slack/web-api': '8.2.0', '@slack/bolt': '5.1.0' } as const;

/** Configurations whose code is measured: `notifier` of garrison.yaml, and whether detections and follow-ups are on. */
const bot = { slack: { botToken: { parameter: '/token' }, channel: 'C0ALERTS' } };
const destinations = {
  hook: { type: 'slack-webhook', webhook: { secret: 'hook' } },
  mail: { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:100000000002:security' },
  chat: { type: 'teams', webhook: { parameter: '/teams' } },
  pager: { type: 'pagerduty', routingKey: { parameter: '/pager' } },
  siem: { type: 'signed-webhook', url: { parameter: '/siem' }, signingKey: { parameter: '/key' } },
};
const configurations: readonly (readonly [name: string, notifier: object, features: boolean])[] = [
  ['webhook', {}, false],
  ['webhook, detections, follow-ups', {}, true],
  ['webhook, Japanese', { language: 'ja' }, false],
  ['bot', bot, false],
  ['bot, detections, follow-ups', bot, true],
  ['every destination, detections, follow-ups', { ...bot, destinations }, true],
];

interface Candidate {
  readonly name: string;
  readonly source?: string;
  /** In place of a source: what is deployed. */
  readonly deployed?: readonly [notifier: object, features: boolean];
}

const work = mkdtempSync(join(tmpdir(), 'garrison-bench-'));
const packages = installOthers();
const candidates: readonly Candidate[] = [
  {
    name: 'only fetch',
    source: `exports.handler = async (event) => fetch(process.env.WEBHOOK, { method: 'POST', body: JSON.stringify({ text: event }) });`,
  },
  { name: 'garrison notifier (webhook)', deployed: [{}, true] },
  { name: 'garrison notifier (bot)', deployed: [bot, true] },
  ...(packages === undefined
    ? []
    : [
        {
          name: '@slack/web-api',
          source: `import { WebClient } from '${packages}/@slack/web-api'; const client = new WebClient('x'); export const handler = (event) => client.chat.postMessage(event);`,
        },
        {
          name: '@slack/bolt',
          source: `import { App, AwsLambdaReceiver } from '${packages}/@slack/bolt'; const receiver = new AwsLambdaReceiver({ signingSecret: 'x' }); const app = new App({ token: 'x', receiver }); export const handler = (event) => app.client.chat.postMessage(event);`,
        },
      ]),
];

const bundles = candidates.map(({ name, source, deployed }) => ({
  name,
  file: deployed === undefined ? bundle(name, source ?? '') : unpack(name, ...deployed),
}));
const times = new Map<string, ColdStart[]>();
for (let round = 0; round < rounds + 2; round += 1) {
  // Every bundle once in each round, each round from another one on: what else the machine does hits all of them alike.
  const begin = round % bundles.length;
  for (const { name, file } of [...bundles.slice(begin), ...bundles.slice(0, begin)]) {
    const start = coldStart(file);
    // The first two rounds fill the caches of the file system.
    if (round >= 2) {
      times.set(name, [...(times.get(name) ?? []), start]);
    }
  }
}
report();
rmSync(work, { recursive: true, force: true });

function bundle(name: string, source: string): string {
  const entry = join(work, `${name.replace(/\W+/g, '-')}.ts`);
  const outfile = entry.replace(/ts$/, 'js');
  writeFileSync(entry, source);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    external: ['@aws-sdk/*'],
    logLevel: 'error',
  });
  return outfile;
}

function codeFor(notifier: object, features: boolean): Readonly<Record<string, string>> {
  const settings = notifierSettings(notifierSchema.parse(notifier), {
    partition: 'aws',
    homeRegion: 'us-east-1',
    securityAccountId: '100000000002',
    accounts: [],
  });
  return notifierCode(settings, { detections: features, followUps: features });
}

function unpack(name: string, notifier: object, features: boolean): string {
  const folder = join(work, name.replace(/\W+/g, '-'));
  mkdirSync(folder);
  for (const [file, code] of Object.entries(codeFor(notifier, features))) {
    writeFileSync(join(folder, file), code);
  }
  return join(folder, 'index.js');
}

interface ColdStart {
  readonly wall: number;
  /** Of the processor: holds on a machine that has other things to do. */
  readonly cpu: number;
}

/** Milliseconds from the start of a process until the handler could be called: by the process's own clock. */
function coldStart(file: string): ColdStart {
  const script = `const { handler } = require(${JSON.stringify(file)}); const wall = performance.now(); const { user, system } = process.cpuUsage(); process.stdout.write(JSON.stringify({ wall, cpu: (user + system) / 1e3 })); process.exit(typeof handler === 'function' ? 0 : 1);`;
  const { status, stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${file} exports no handler`);
  }
  return JSON.parse(stdout) as ColdStart;
}

/** The packages that the notifier does without, in a cache of their own; absent without a registry. */
function installOthers(): string | undefined {
  const cache = join(root, 'node_modules/.cache/garrison-bench');
  const modules = join(cache, 'node_modules');
  if (!existsSync(join(modules, '@slack/bolt'))) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true, dependencies: others }));
    try {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', cache], {
        stdio: 'ignore',
      });
    } catch {
      console.log('Without a registry: @slack/web-api and Bolt are left out.');
      return undefined;
    }
  }
  return modules;
}

function report(): void {
  const of = (name: string, kind: keyof ColdStart) => median((times.get(name) ?? []).map((start) => start[kind]));
  // The median of each round's own ratio: what slows a whole round down is in neither.
  const against = (name: string, kind: keyof ColdStart) => {
    const bare = times.get('only fetch') ?? [];
    const ratios = (times.get(name) ?? []).map((start, round) => start[kind] / (bare[round]?.[kind] ?? Number.NaN));
    return Number(median(ratios).toFixed(2));
  };
  const rows = bundles.map(({ name, file }) => {
    return {
      bundle: name,
      'bytes read': readFileSync(file).length,
      'gzip bytes': gzipSync(readFileSync(file)).length,
      'cold start ms': Number(of(name, 'wall').toFixed(1)),
      'against fetch': against(name, 'wall'),
      'cpu ms': Number(of(name, 'cpu').toFixed(1)),
      'cpu against fetch': against(name, 'cpu'),
    };
  });
  console.table(rows);
  console.table(configurations.map(([name, notifier, features]) => sizes(name, codeFor(notifier, features))));
}

function sizes(configuration: string, code: Readonly<Record<string, string>>): object {
  const bytes = (...files: string[]) => files.reduce((sum, file) => sum + Buffer.byteLength(code[file] ?? ''), 0);
  const all = Object.keys(code);
  return {
    configuration,
    'read when it starts': bytes('index.js'),
    'all code': bytes('index.js', 'more.js'),
    'words (JSON)': bytes('catalog.json'),
    gzip: all.reduce((sum, file) => sum + gzipSync(code[file] ?? '').length, 0),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
