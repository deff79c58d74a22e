// How fast `garrison hunt` is beside a plain JSON.parse of the same files: npx tsx bench/hunt.ts [folder]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type LogFile, logFiles } from '../detections/hunt/files';

const filesOfEachKind = 80;
const recordsOfFile = 1500;
const roundsOfEach = 5;
const megabyte = 1_000_000;
const everyday = [
  'DescribeInstances',
  'ListBuckets',
  'Decrypt',
  'DescribeVolumes',
  'GetCallerIdentity',
  'DescribeLogStreams',
];

interface Run {
  readonly milliseconds: number;
  readonly bytes: number;
  readonly alerts: number;
  readonly peakMegabytes: number;
}

function main(): void {
  const temporary = mkdtempSync(join(tmpdir(), 'garrison-bench-'));
  try {
    bundle(temporary);
    const given = process.argv[2];
    const folders = given === undefined ? writeLogs(temporary) : { [given]: given };
    for (const [name, folder] of Object.entries(folders)) {
      report(name, [...logFiles([folder])], folder, temporary);
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The hunt as it is shipped: bundled, its worker beside it. */
function bundle(folder: string): void {
  const entry = join(folder, 'entry.ts');
  writeFileSync(
    entry,
    `import { hunt } from '${join(__dirname, '../detections/hunt/hunt')}';
import { logFiles } from '${join(__dirname, '../detections/hunt/files')}';
import { Gatherer } from '${join(__dirname, '../detections/hunt/gatherer')}';
import { reportOf } from '${join(__dirname, '../detections/hunt/report')}';
const files = [...logFiles([process.argv[2]])];
const begin = performance.now();
const gatherer = new Gatherer();
hunt(files, { threads: Number(process.argv[3]) }, gatherer).then(() => {
  const { bytes, alerts } = reportOf(gatherer);
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ milliseconds: performance.now() - begin, bytes, alerts, peakMegabytes }));
});`,
  );
  const build = (from: string, to: string) =>
    execFileSync(join(__dirname, '../node_modules/.bin/esbuild'), [
      from,
      '--bundle',
      '--platform=node',
      `--outfile=${join(folder, to)}`,
      '--log-level=error',
    ]);
  build(entry, 'hunt.js');
  build(join(__dirname, '../detections/hunt/worker.ts'), 'hunt-worker.js');
}

function writeLogs(folder: string): Record<string, string> {
  const recorded = readFileSync(join(__dirname, '../test/fixtures/cloudtrail/events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event as Record<string, unknown>);
  const plain = (file: number, attacks: boolean) =>
    JSON.stringify({
      Records: Array.from({ length: recordsOfFile }, (_, index) => {
        const record = recorded[(index * 7 + file) % recorded.length] as Record<string, unknown>;
        return attacks || index % 50 === 0 ? record : ordinary(record, index + file);
      }),
    });
  const folders = {
    everyday: join(folder, 'everyday'),
    compressed: join(folder, 'compressed'),
    'attacks only': join(folder, 'attacks'),
  };
  Object.values(folders).forEach((path) => void mkdirSync(path));
  for (let file = 0; file < filesOfEachKind; file += 1) {
    writeFileSync(join(folders.everyday, `${file}.json`), plain(file, false));
    writeFileSync(join(folders.compressed, `${file}.json.gz`), gzipSync(plain(file, false)));
    writeFileSync(join(folders['attacks only'], `${file}.json`), plain(file, true));
  }
  return folders;
}

function ordinary(record: Record<string, unknown>, number: number): Record<string, unknown> {
  const { errorCode: _, ...rest } = record;
  return {
    ...rest,
    eventName: everyday[number % everyday.length],
    userIdentity: { ...(record.userIdentity as object), type: 'AssumedRole' },
  };
}

/** One after the other, several times, the best of each: what else the machine does then slows down both. */
function report(name: string, files: readonly LogFile[], folder: string, program: string): void {
  const threads = availableParallelism();
  const rounds = Array.from({ length: roundsOfEach }, () => ({
    parsing: timed(() => parseAll(files)),
    hunted: run(folder, program, threads),
  }));
  const parsing = Math.min(...rounds.map((round) => round.parsing));
  const milliseconds = Math.min(...rounds.map(({ hunted }) => hunted.milliseconds));
  const { bytes, alerts } = (rounds[0] as (typeof rounds)[number]).hunted;
  const peakMegabytes = Math.max(...rounds.map(({ hunted }) => hunted.peakMegabytes));
  console.log(
    `${name}: ${(bytes / megabyte).toFixed(0)} MB, ${alerts} alerts; JSON.parse ${speed(bytes, parsing)}, hunt on ${threads} threads ${speed(bytes, milliseconds)}; ` +
      `ratio ${(milliseconds / parsing).toFixed(2)}; peak ${peakMegabytes.toFixed(0)} MB`,
  );
}

function run(folder: string, program: string, threads: number): Run {
  return JSON.parse(
    execFileSync(process.execPath, [join(program, 'hunt.js'), folder, String(threads)], { encoding: 'utf8' }),
  ) as Run;
}

function timed(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

function parseAll(files: readonly LogFile[]): void {
  for (const { path } of files) {
    const bytes = readFileSync(path);
    JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  }
}

function speed(bytes: number, milliseconds: number): string {
  return `${(bytes / megabyte / (milliseconds / 1000)).toFixed(0)} MB/s`;
}

main();
