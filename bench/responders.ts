// How long it takes from an event to the action: what AWS takes, and what Garrison's own code adds.
// npx tsx bench/responders.ts [rounds]
import { AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { AlertTable } from '../notifier/state/table';
import { Records } from '../responders/records';
import type { Tools } from '../responders/tools';
import { Local } from '../test/responders/local';
import { ingressOf, Responding } from '../test/responders/responding';
import { enforcing, scenarios } from '../test/responders/scenarios';

const rounds = Number(process.argv[2] ?? 20);
const read = /^(Describe|Get|List|Head)/;

/** Milliseconds of one response, up to the start of its first call that changes something. */
interface Sample {
  readonly whole: number;
  readonly own: number;
}

/** Tools that say how much of the time was spent waiting for others: AWS, the table, the queue. */
function stopwatch(local: Local): { readonly tools: Partial<Tools>; sample(): Sample } {
  const started = performance.now();
  let [waiting, busySince, acted] = [0, 0, 0];
  let pending = 0;
  const waited = async <T>(work: () => Promise<T>): Promise<T> => {
    // Calls that run side by side are waited for once.
    if (pending === 0) {
      busySince = performance.now();
    }
    pending += 1;
    try {
      return await work();
    } finally {
      pending -= 1;
      if (pending === 0 && acted === 0) {
        waiting += performance.now() - busySince;
      }
    }
  };
  const whole = local.tools();
  const { table } = whole;
  const timed: AlertTable = {
    get: (id) => waited(() => table.get(id)),
    create: (item) => waited(() => table.create(item)),
    replace: (previous, item) => waited(() => table.replace(previous, item)),
    put: (item) => waited(() => table.put(item)),
  };
  return {
    sample: () => ({ whole: acted - started, own: acted - started - waiting }),
    tools: {
      table: timed,
      records: new Records(timed, 400),
      sessions: (responder, place) => {
        const send = whole.sessions(responder, place);
        return (call) => {
          if (acted === 0 && !read.test(call.operation)) {
            acted = performance.now();
          }
          return waited(() => send(call));
        };
      },
    },
  };
}

async function inProcess(): Promise<void> {
  const local = await Local.start(enforcing);
  const rows = [];
  try {
    for (const [strategy, scenario] of Object.entries(scenarios)) {
      const samples: Sample[] = [];
      for (let round = 0; round < rounds + 2; round += 1) {
        const trigger = await scenario(local);
        const watch = stopwatch(local);
        await local.respond(trigger, watch.tools);
        samples.push(watch.sample());
      }
      // The first two make clients and sessions.
      const warm = samples.slice(2);
      rows.push({
        strategy,
        'to the action, ms': round(median(warm.map(({ whole }) => whole))),
        'of it Garrison’s own, ms': round(median(warm.map(({ own }) => own))),
        'own, 90th percentile': round(
          percentile(
            warm.map(({ own }) => own),
            0.9,
          ),
        ),
        'own, cold': round(samples[0]?.own ?? 0),
      });
    }
  } finally {
    await local.close();
  }
  console.log(`Inside the function, ${rounds} rounds each`);
  console.table(rows);
}

/** The whole way on the local organization: call, CloudTrail event, rules, bus, queue, function, call. */
async function deployed(): Promise<void> {
  const garrison = await Responding.start(`detections: {enabled: [security-group-open-to-world]}
responders:
  enabled: [opened-security-group]
  breaker: {actions: 1000, minutes: 1}
  enforce: [{responders: [opened-security-group], strategy: revoke, accounts: ["100000000011"]}]
`);
  const times: number[] = [];
  try {
    const ec2 = garrison.member(EC2Client);
    for (let number = 0; number < rounds + 2; number += 1) {
      const group = new CreateSecurityGroupCommand({ GroupName: `bench-${number}`, Description: 'bench' });
      const { GroupId = '' } = await ec2.send(group);
      const rule = { GroupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
      await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
      const opened = performance.now();
      while ((await ingressOf(ec2, GroupId)).length > 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      times.push(performance.now() - opened);
    }
  } finally {
    await garrison.close();
  }
  const warm = times.slice(2);
  console.log('From the call that opens a group until it is closed, on the local organization, ms');
  console.table([
    { median: round(median(warm)), '90th percentile': round(percentile(warm, 0.9)), cold: round(times[0] ?? 0) },
  ]);
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}

function round(milliseconds: number): number {
  return Number(milliseconds.toFixed(1));
}

async function main(): Promise<void> {
  await inProcess();
  await deployed();
}

void main();
