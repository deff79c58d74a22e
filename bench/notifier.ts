// Cold start and size of the notifier's function, beside the ways it was not written.
// npx tsx bench/notifier.ts [--burst]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..');
const rounds = 20;
const others = { '@slack/web-api': '8.2.0', '@slack/bolt': '5.1.0' } as const;

interface Candidate {
  readonly name: string;
  readonly source: string;
  readonly more?: string;
}

const work = mkdtempSync(join(tmpdir(), 'garrison-bench-'));
const packages = installOthers();
const candidates: readonly Candidate[] = [
  {
    name: 'only fetch',
    source: `exports.handler = async (event) => fetch(process.env.WEBHOOK, { method: 'POST', body: JSON.stringify({ text: event }) });`,
  },
  {
    name: 'garrison notifier',
    source: `export { handler } from '${root}/notifier/handler';`,
    more: `export * from '${root}/notifier/more';`,
  },
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

const bundles = candidates.map(({ name, source, more }) => ({
  name,
  file: bundle(name, source),
  more: more && bundle(`${name} more`, more),
}));
const times = new Map<string, number[]>();
for (let round = 0; round < rounds + 2; round += 1) {
  for (const { name, file } of bundles) {
    const milliseconds = coldStart(file);
    // The first two rounds fill the caches of the file system.
    if (round >= 2) {
      times.set(name, [...(times.get(name) ?? []), milliseconds]);
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

/** From the start of a process until the handler could be called. */
function coldStart(file: string): number {
  const started = process.hrtime.bigint();
  const script = `const { handler } = require(${JSON.stringify(file)}); if (typeof handler !== 'function') process.exit(1); process.exit(0);`;
  const { status } = spawnSync(process.execPath, ['-e', script], { stdio: 'ignore' });
  if (status !== 0) {
    throw new Error(`${file} exports no handler`);
  }
  return Number(process.hrtime.bigint() - started) / 1e6;
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
  const baseline = median(times.get('only fetch') ?? []);
  const rows = bundles.map(({ name, file, more }) => {
    const size = statSync(file).size;
    const start = median(times.get(name) ?? []);
    return {
      bundle: name,
      bytes: size,
      'gzip bytes': gzipSync(readFileSync(file)).length,
      'loaded later': more === undefined || more === '' ? '' : statSync(more).size,
      'cold start ms': Number(start.toFixed(1)),
      'against fetch': Number((start / baseline).toFixed(2)),
    };
  });
  console.table(rows);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
