import { createSandbox, type RunningSandbox } from '../../sandbox';
import {
  type Answer,
  administratorId,
  assetsBucket,
  emailOf,
  managementId,
  memberIds,
  optIn,
  regionsOf,
  serve,
  type Task,
} from './task';

let sandbox: RunningSandbox;

serve(async (task): Promise<Answer> => {
  switch (task.kind) {
    case 'calls':
      return { calls: sandbox.calls(), seconds: 0 };
    case 'clear':
      sandbox.clearCalls();
      return { seconds: 0 };
    default:
      return { endpoint: await open(task), seconds: 0 };
  }
});

/** Everybody has a detector; for `members`, everybody is a member through the organization besides. */
async function open(task: Task): Promise<string> {
  const ids = [managementId, administratorId, ...memberIds(task)];
  sandbox = await createSandbox({
    accounts: ids.map((id) => ({ id, email: emailOf(id), optedInRegions: optIn })),
    managementAccount: managementId,
    securityAccount: administratorId,
    anyKeyAccount: administratorId,
    latencyMs: task.latency,
    rateLimits: task.limits,
  });
  await call('CreateBucket', { Bucket: assetsBucket }, administratorId, 'us-east-1', 's3');
  const withDetectors = task.kind === 'members' ? [administratorId] : [administratorId, ...memberIds(task)];
  for (const region of regionsOf(task)) {
    for (const accountId of withDetectors) {
      await call('CreateDetector', { Enable: true, FindingPublishingFrequency: 'FIFTEEN_MINUTES' }, accountId, region);
    }
    if (task.kind === 'members') {
      await enrol(task, region);
    }
  }
  return sandbox.endpoint;
}

async function enrol(task: Task, region: string): Promise<void> {
  await call('EnableOrganizationAdminAccount', { AdminAccountId: administratorId }, managementId, region);
  const { DetectorIds } = await call<{ DetectorIds: string[] }>('ListDetectors', {}, administratorId, region);
  const members = memberIds(task).map((id) => ({ AccountId: id, Email: emailOf(id) }));
  for (let start = 0; start < members.length; start += 50) {
    const AccountDetails = members.slice(start, start + 50);
    await call('CreateMembers', { DetectorId: DetectorIds[0], AccountDetails }, administratorId, region);
  }
}

function call<Output>(
  operation: string,
  input: object,
  accountId: string,
  region: string,
  service = 'guardduty',
): Promise<Output> {
  const arn = `arn:aws:iam::${accountId}:root`;
  const caller = { kind: 'root', accountId, arn, userId: accountId } as const;
  return sandbox.world.call<Output>(service, operation, input, { caller, region });
}
