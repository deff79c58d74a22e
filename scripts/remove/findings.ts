import { deleteStack } from '../../cloudformation';
import type { Host } from '../../organization/messages';
import type { Session } from '../../organization/sessions';
import { findingsStackName } from '../../stacks/model';
import { stackTarget } from '../rollout/context';
import { bucketExists, emptyBucket } from './bucket';

/** Deletes the findings that were exported, and the bucket and key with their stack. */
export async function deleteFindings(operator: Session, homeRegion: string, host: Host): Promise<void> {
  const bucket = `garrison-findings-${operator.accountId}-${homeRegion}`;
  if (await bucketExists(bucket, operator)) {
    await emptyBucket(bucket, operator);
  }
  await deleteStack(findingsStackName, stackTarget(operator, homeRegion), host);
}
