// How long synthesis of 500 accounts × 17 regions takes beside an empty CDK app: npx tsx bench/synth.ts [detections]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const rounds = 5;
const accounts = 500;
const regions =
  'us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1';

interface Measured {
  readonly name: string;
  readonly seconds: (way: Way) => number;
}

/** `cli`: `cdk synth`, as in a pipeline, with the CDK's linter. `app`: the app alone, as the command runs it. */
type Way = 'cli' | 'app';

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'garrison-bench-'));
  try {
    const environment = files(folder, process.argv[2] ?? 'none');
    const empty = join(root, 'dist', 'bench-empty.js');
    writeFileSync(
      empty,
      "const { App, Stack } = require('aws-cdk-lib');\nnew Stack(new App(), 'empty').node.root.synth();\n",
    );
    const bundle = join(root, 'dist', 'stacks.js');
    const measured: Measured[] = [
      { name: 'empty app', seconds: (way) => run(way, empty, {}, folder) },
      { name: 'garrison', seconds: (way) => run(way, bundle, environment, folder) },
    ];
    for (const way of ['cli', 'app'] as const) {
      report(way, measured);
    }
    rmSync(empty);
    sizes(join(folder, 'out'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function files(folder: string, detections: string): Record<string, string> {
  const ids = Array.from({ length: accounts }, (_, index) => String(100_000_000_001 + index));
  const rows = ids.map((id, index) => `${id},aws+${id}@example.com,account-${index},Workloads/Unit${index % 20}`);
  const [config, csv] = [join(folder, 'garrison.yaml'), join(folder, 'accounts.csv')];
  writeFileSync(csv, `accountId,email,name,ou\n${rows.join('\n')}\n`);
  writeFileSync(
    config,
    `managementAccount: "${ids[0]}"\nsecurityAccount: "${ids[1]}"\nhomeRegion: us-east-1\nregions: [${regions.replaceAll(' ', ', ')}]\norganization: { id: o-abcdefghij }\nnotifier: { slack: { webhookParameter: /garrison/slack/webhook } }\ndetections: { enabled: ${detections} }\n`,
  );
  return { GARRISON_CONFIG: config, GARRISON_ACCOUNTS: csv };
}

function run(way: Way, app: string, more: Record<string, string>, folder: string): number {
  const output = join(folder, 'out');
  mkdirSync(output, { recursive: true });
  const [command, args] =
    way === 'cli'
      ? [join(root, 'node_modules', '.bin', 'cdk'), ['synth', '--quiet', '--app', `node ${app}`, '-o', output]]
      : [process.execPath, [app]];
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, {
    cwd: root,
    env: {
      ...process.env,
      ...more,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...(way === 'app' && { CDK_OUTDIR: output, CDK_VALIDATION: 'false' }),
    },
  });
  if (status !== 0) {
    throw new Error(String(stderr));
  }
  return Number(process.hrtime.bigint() - began) / 1e9;
}

/** In turns, so that whatever else the machine does falls on both. */
function report(way: Way, measured: readonly Measured[]): void {
  const times = measured.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { seconds }] of measured.entries()) {
      times[index]?.push(seconds(way));
    }
  }
  const medians = times.map((list) => list.sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0);
  const title = way === 'cli' ? 'cdk synth' : 'the app alone';
  measured.forEach(({ name }, index) => {
    process.stdout.write(`${title.padEnd(14)} ${name.padEnd(10)} ${medians[index]?.toFixed(2)} s\n`);
  });
  process.stdout.write(`${title.padEnd(14)} ratio      ${((medians[1] ?? 0) / (medians[0] ?? 1)).toFixed(2)}\n`);
}

function sizes(folder: string): void {
  const templates = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
  const largest = Math.max(...templates.map((name) => statSync(join(folder, name)).size));
  process.stdout.write(
    `largest of ${templates.length} templates: ${largest} bytes (CloudFormation takes 1,000,000 from S3)\n`,
  );
}

main();
