// GuardDuty enrolment on the local organization: calls beside their bound, time beside what latency and limits allow and
// beside the same calls made bare, and the memory of it.
// npx tsx bench/guardduty.ts [--accounts 200] [--regions 17] [--latency 40] [--concurrency 32] [--idle-only]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import type { CallCount } from '../sandbox';
import { publishedRates } from '../sandbox/core/limits';
import { type Answer, settingsPerRegion, type Task } from './guardduty/task';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '200' },
    regions: { type: 'string', default: '17' },
    latency: { type: 'string', default: '40' },
    concurrency: { type: 'string', default: '32' },
    /** Members join through the organization before the measurement, without latency or limits. */
    'idle-only': { type: 'boolean', default: false },
  },
});
const task: Omit<Task, 'kind'> = {
  accounts: Number(values.accounts),
  regions: Number(values.regions),
  latency: values['idle-only'] ? 0 : Number(values.latency),
  concurrency: Number(values.concurrency),
  limits: !values['idle-only'],
};
const { accounts, regions, latency, concurrency } = task;
const cells = accounts * regions;
const batches = Math.ceil(accounts / 50);
const nothingToDo = regions * (4 + 2 * batches) + Math.ceil(cells / 100) + Math.ceil(accounts / 20) + 20;
/** With protection plans, and with filters, lists and a destination, each of which may add one call a region. */
const idleBound = nothingToDo + regions * settingsPerRegion;

const work = join(__dirname, '..', 'node_modules', '.cache', 'garrison-bench');
mkdirSync(work, { recursive: true });

/** Each part in a process of its own, so that memory and processor time are its own. */
function start(part: string, environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const outfile = join(work, `${part}.js`);
  const entryPoints = [join(__dirname, 'guardduty', `${part}.ts`)];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' });
  return fork(outfile, {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '1', ...environment },
  });
}

async function ask(child: ChildProcess, request: Task): Promise<Answer> {
  child.send(request);
  const first = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [{ error: 'ended' }])]);
  const answer = first[0] as Answer & { error?: string };
  if (answer.error) {
    throw new Error(`${request.kind}: ${answer.error}`);
  }
  return answer;
}

const countOf = (calls: readonly CallCount[], keep: (call: CallCount) => boolean = () => true) =>
  calls.filter(keep).reduce((sum, { count }) => sum + count, 0);

/** Seconds that latency and limits allow at best. */
function allowed(calls: readonly CallCount[]): number {
  const answered = calls.map((call) => ({ ...call, count: call.count - call.errors }));
  const byLatency = (countOf(answered) * latency) / 1000 / concurrency;
  const byLimits = answered.map(({ service, operation, count }) => {
    const rate = publishedRates[`${service}:${operation}`] ?? publishedRates[`${service}:*`];
    return rate ? (count - rate.burst) / rate.perSecond : 0;
  });
  return Math.max(byLatency, ...byLimits);
}

async function measured(part: 'enrol' | 'bare', organization: ChildProcess, kind: Task['kind'], endpoint: string) {
  await ask(organization, { ...task, kind: 'clear' });
  const child = start(part, { AWS_ENDPOINT_URL: endpoint });
  const answer = await ask(child, { ...task, kind });
  child.disconnect();
  const { calls = [] } = await ask(organization, { ...task, kind: 'calls' });
  return { ...answer, calls };
}

async function open(kind: 'detectors' | 'members') {
  const organization = start('organization');
  const { endpoint = '' } = await ask(organization, { ...task, kind });
  return { organization, endpoint };
}

const refused = (calls: readonly CallCount[]) => calls.reduce((sum, { errors }) => sum + errors, 0);
const rounded = (value: number | undefined) => Number((value ?? 0).toFixed(2));

async function main(): Promise<void> {
  if (values['idle-only']) {
    const { organization, endpoint } = await open('members');
    await measured('enrol', organization, 'settle', endpoint);
    const idle = await measured('enrol', organization, 'idle', endpoint);
    console.table([
      {
        run: 'nothing to do',
        calls: countOf(idle.calls),
        bound: idleBound,
        seconds: rounded(idle.seconds),
        'memory MB': idle.megabytes,
        guarded: idle.guarded,
      },
    ]);
    organization.disconnect();
    return;
  }
  const { organization, endpoint } = await open('detectors');
  const first = await measured('enrol', organization, 'enrol', endpoint);
  await measured('enrol', organization, 'settle', endpoint);
  const idle = await measured('enrol', organization, 'idle', endpoint);
  organization.disconnect();
  const fresh = await open('detectors');
  const bare = await measured('bare', fresh.organization, 'bare', fresh.endpoint);
  fresh.organization.disconnect();
  const enrolBound = nothingToDo + 4 * cells + accounts + 2 * batches * regions;
  console.table([
    {
      run: 'first enrolment',
      calls: countOf(first.calls),
      refused: refused(first.calls),
      bound: enrolBound,
      guarded: first.guarded,
      'memory MB': first.megabytes,
    },
    {
      run: 'nothing to do',
      calls: countOf(idle.calls),
      refused: refused(idle.calls),
      bound: idleBound,
      guarded: idle.guarded,
      'memory MB': idle.megabytes,
    },
    {
      run: 'bare',
      calls: countOf(bare.calls),
      refused: refused(bare.calls),
      guarded: bare.guarded,
      'memory MB': bare.megabytes,
    },
  ]);
  const best = allowed(first.calls);
  const bound = Math.max(best, bare.seconds);
  console.table([
    { time: 'garrison', seconds: rounded(first.seconds) },
    { time: 'latency and limits allow', seconds: rounded(best) },
    { time: 'the same calls, bare', seconds: rounded(bare.seconds) },
    { time: 'nothing to do', seconds: rounded(idle.seconds) },
  ]);
  console.log(`ratio to the larger bound: ${(first.seconds / bound).toFixed(2)} (target 1.25)`);
  for (const [phase, seconds] of Object.entries(first.phases ?? {})) {
    console.log(`  ${phase}: ${seconds.toFixed(2)} s`);
  }
}

void main().finally(() => rmSync(work, { recursive: true, force: true }));
