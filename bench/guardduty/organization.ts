import type { RunningSandbox } from '../../sandbox';
import { openSandbox } from './sandbox';
import {
  type Answer,
  administratorId,
  assetsBucket,
  emailOf,
  findingsBucket,
  managementId,
  memberIds,
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
  sandbox = await openSandbox(task, {
    anyKeyAccount: administratorId,
    latencyMs: task.latency,
    rateLimits: task.limits,
  });
  await call('CreateBucket', { Bucket: assetsBucket }, administratorId, 'us-east-1', 's3');
  await openExport();
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

/** Bucket and key that findings are exported to, as the stack `garrison-findings` makes them. */
async function openExport(): Promise<void> {
  const here = [administratorId, 'us-east-1'] as const;
  const Principal = { Service: 'guardduty.amazonaws.com' };
  const policy = (Action: string, Resource: string | string[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action, Resource } });
  const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>('CreateKey', {}, ...here, 'kms');
  const key = { KeyId: KeyMetadata.KeyId, Policy: policy('kms:*', '*'), BypassPolicyLockoutSafetyCheck: true };
  await call('CreateAlias', { TargetKeyId: KeyMetadata.KeyId, AliasName: 'alias/garrison-findings' }, ...here, 'kms');
  await call('PutKeyPolicy', key, ...here, 'kms');
  const arn = `arn:aws:s3:::${findingsBucket}`;
  await call('CreateBucket', { Bucket: findingsBucket }, ...here, 's3');
  await call('PutBucketPolicy', { Bucket: findingsBucket, Policy: policy('s3:*', [arn, `${arn}/*`]) }, ...here, 's3');
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
