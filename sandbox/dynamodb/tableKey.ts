import type { SSESpecification } from '@aws-sdk/client-dynamodb';
import type { CallContext } from '../core/service';

/** What DynamoDB needs of a key, in the name of whoever chooses it. */
const operations = [
  'DescribeKey',
  'Encrypt',
  'Decrypt',
  'ReEncryptFrom',
  'ReEncryptTo',
  'GenerateDataKey',
  'CreateGrant',
];

/**
 * Asks KMS whether the caller may have a table protected by a key of the account. Source: DynamoDB developer guide,
 * "Authorizing use of your customer managed key".
 *
 * @throws ServiceError `AccessDeniedException`
 */
export async function mayUseKey(chosen: SSESpecification | undefined, context: CallContext): Promise<void> {
  const { KMSMasterKeyId: KeyId = '' } = chosen ?? {};
  if (!chosen?.Enabled || KeyId === '' || KeyId.endsWith('alias/aws/dynamodb')) {
    return;
  }
  const { caller, region, accountId, world } = context;
  for (const operation of operations) {
    await world.ask('kms', operation, { KeyId }, { caller, region, accountId, via: 'dynamodb.amazonaws.com' });
  }
}
