import type { ModifyEbsDefaultKmsKeyIdRequest } from '@aws-sdk/client-ec2';
import { ec2Error, missingParameter } from '../errors';
import type { Cell, Operations, Place } from '../state';

/** The key with which EBS encrypts when nobody names another: the account's choice, or AWS's own. */
export function ebsKey(cell: Cell, partition: string): string {
  const { region, accountId } = cell.site;
  return cell.encryption.keyArn ?? `arn:${partition}:kms:${region}:${accountId}:alias/aws/ebs`;
}

/** The ARN of the key that a request names by id, ARN or alias; KMS is asked as the caller. */
async function modifyKey(input: ModifyEbsDefaultKmsKeyIdRequest, { cell, context }: Place) {
  if (!input.KmsKeyId) {
    throw missingParameter('KmsKeyId');
  }
  const { caller, region } = context;
  const asked = context.world.call<{ KeyMetadata: { Arn: string } }>(
    'kms',
    'DescribeKey',
    { KeyId: input.KmsKeyId },
    { caller, region },
  );
  const { KeyMetadata } = await asked.catch(() => {
    throw ec2Error('InvalidKmsKey.InvalidState', `The KMS key '${input.KmsKeyId}' does not exist or cannot be used.`);
  });
  cell.encryption.keyArn = KeyMetadata.Arn;
  return { KmsKeyId: KeyMetadata.Arn };
}

const answer = ({ cell }: Place) => ({ EbsEncryptionByDefault: cell.encryption.byDefault });

function switchTo(on: boolean) {
  return (_input: unknown, place: Place) => {
    place.cell.encryption.byDefault = on;
    return answer(place);
  };
}

/** Encryption of volumes that nobody asks encryption for, and the key of those that nobody names one for. */
export const encryptionOperations: Operations = {
  EnableEbsEncryptionByDefault: switchTo(true),
  DisableEbsEncryptionByDefault: switchTo(false),
  GetEbsEncryptionByDefault: (_input, place) => ({ ...answer(place), SseType: 'sse-ebs' }),
  GetEbsDefaultKmsKeyId: (_input, { cell, ec2 }) => ({ KmsKeyId: ebsKey(cell, ec2.world.partition) }),
  ModifyEbsDefaultKmsKeyId: modifyKey,
  ResetEbsDefaultKmsKeyId: (_input, { cell, ec2 }) => {
    cell.encryption.keyArn = undefined;
    return { KmsKeyId: ebsKey(cell, ec2.world.partition) };
  },
};
