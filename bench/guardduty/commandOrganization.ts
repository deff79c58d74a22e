import type { RunningSandbox } from '../../sandbox';
import { StackSetStore } from '../../sandbox/cloudformation/stacksets/state';
import { openSandbox } from './sandbox';
import { administratorId, emailOf, memberIds, regionsOf, type Task } from './task';

/** What the bench of whole commands asks of the local organization. */
export interface Request {
  readonly kind: 'open' | 'fill' | 'clear' | 'calls';
  readonly task: Task;
}

let sandbox: RunningSandbox;
let stackSets: StackSetStore;

// The one way to thousands of stack instances without thousands of stacks: the store as CloudFormation holds it.
const { at } = StackSetStore.prototype;
StackSetStore.prototype.at = function capture(this: StackSetStore, site) {
  stackSets = this;
  return at.call(this, site);
};

process.on('message', ({ kind, task }: Request) => {
  answer(kind, task).then(
    (result) => process.send?.(result),
    (error: Error) => process.send?.({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit());

async function answer(kind: Request['kind'], task: Task): Promise<object> {
  switch (kind) {
    case 'open':
      return open(task);
    case 'fill':
      await fill(task);
      return {};
    case 'clear':
      sandbox.clearCalls();
      return {};
    case 'calls':
      return { calls: sandbox.calls() };
  }
}

async function open(task: Task): Promise<object> {
  sandbox = await openSandbox(task);
  const organizationId = sandbox.world.organization.current?.id;
  return { endpoint: sandbox.endpoint, organizationId, management: sandbox.management, security: sandbox.security };
}

/** Everybody is a member, and every stack set has its instances everywhere, as after a rollout. */
async function fill(task: Task): Promise<void> {
  for (const region of regionsOf(task)) {
    const { DetectorIds } = await call<{ DetectorIds: string[] }>('ListDetectors', {}, region);
    const members = memberIds(task)
      .slice(0, -1)
      .map((id) => ({ AccountId: id, Email: emailOf(id) }));
    for (let start = 0; start < members.length; start += 50) {
      const AccountDetails = members.slice(start, start + 50);
      await call('CreateMembers', { DetectorId: DetectorIds[0], AccountDetails }, region);
    }
  }
  for (const { name, instances } of stackSets.all()) {
    const everywhere = name === 'garrison-detectors' || name === 'garrison-detection-rules';
    if (!everywhere && name !== 'garrison-member-roles') {
      continue;
    }
    const regions = new Set([...instances.values()].map(({ region }) => region));
    const [sample] = instances.values();
    // The last one is left to `apply`: its operation proves that all the others stand.
    for (const accountId of sample ? memberIds(task).slice(0, -1) : []) {
      for (const region of regions) {
        const key = `${accountId}/${region}`;
        instances.set(key, instances.get(key) ?? { ...(sample as NonNullable<typeof sample>), accountId, region });
      }
    }
  }
}

function call<Output>(operation: string, input: object, region: string): Promise<Output> {
  const arn = `arn:aws:iam::${administratorId}:root`;
  const caller = { kind: 'root', accountId: administratorId, arn, userId: administratorId } as const;
  return sandbox.world.call<Output>('guardduty', operation, input, { caller, region });
}
