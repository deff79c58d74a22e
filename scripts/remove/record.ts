import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { deleteStack } from '../../cloudformation';
import { explain } from '../../organization/failures';
import type { Host } from '../../organization/messages';
import type { Session } from '../../organization/sessions';
import { recordStackName, resourceNames } from '../../stacks/model';
import { stackTarget } from '../rollout/context';

/** Deletes the record of the use of privileges, which is protected from deletion, with its stack. */
export async function deleteRecord(operator: Session, homeRegion: string, host: Host): Promise<void> {
  const client = operator.client(DynamoDBClient, homeRegion);
  const input = { TableName: resourceNames.recordTable, DeletionProtectionEnabled: false };
  try {
    await client.send(new UpdateTableCommand(input));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') {
      throw explain(error, { accountId: operator.accountId, operation: 'dynamodb:UpdateTable' });
    }
  }
  await deleteStack(recordStackName, stackTarget(operator, homeRegion), host);
}
